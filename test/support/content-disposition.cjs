/* global __filename */
// A CommonJS package of ours requires this ES module. Node does that; Jest's own `require` does not yet.
const { createRequire } = process.getBuiltinModule('node:module');

module.exports = createRequire(__filename)('content-disposition');
