// Written for any Node ever released, so that an old one says what is missing instead of failing to parse.
var needed = [20, 19];
var found = process.versions.node.split('.').map(Number);

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  console.error(
    'Keytrail cannot start: it needs Node.js ' +
      needed.join('.') +
      ' or later, and this is ' +
      process.versions.node +
      '.',
  );
  process.exit(1);
}
