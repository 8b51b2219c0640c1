/** The import rules of the code base. See docs/adr/ for why the packages are cut as they are. */
const ours = '^(apps|libs|engines)/';

/** A package that is only ever imported by its name, at its root. */
const npmPackage = (name) => `(^|/)node_modules/${name}(/|$)`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that import each other cannot be understood apart.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'imports-resolve',
      comment:
        'An import that leads nowhere would escape every other rule; dist/ is there after a build.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '/dist/' },
    },
    {
      name: 'domain-imports-nothing',
      comment: 'The domain is pure: no package of ours, no third party, only Node itself.',
      severity: 'error',
      from: { path: '^libs/domain/src/', pathNot: '[.]spec[.]ts$' },
      to: { pathNot: '^libs/domain/src/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'domain-specs-import-the-domain',
      comment: 'Decider specs need no mocks, and so nothing but the domain and Jest.',
      severity: 'error',
      from: { path: '^libs/domain/src/.*[.]spec[.]ts$' },
      to: {
        pathNot: ['^libs/domain/src/', npmPackage('@jest')],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'apps-are-apart',
      comment: 'Apps meet at run time, over HTTP and through the stores, never by import.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-know-no-app',
      severity: 'error',
      from: { path: '^(libs|engines)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'packages-at-their-root',
      comment: "src/index.ts is a package's whole surface.",
      severity: 'error',
      from: { path: '^((?:apps|libs|engines)/[^/]+)/' },
      to: {
        path: '^(libs|engines)/',
        pathNot: ['^$1/', '^(libs|engines)/[^/]+/src/index[.]ts$'],
      },
    },
    {
      name: 'no-way-around-the-event-store',
      comment: 'One codec and one subscription: all others go through libs/event-store.',
      severity: 'error',
      from: { path: ours, pathNot: ['^libs/event-store/', '^engines/eventstore/'] },
      to: { path: npmPackage('@eventstore/db-client') },
    },
    {
      name: 'no-way-around-the-read-models',
      comment:
        'Documents are written by the projector and the synchronous writes of libs/read-models.',
      severity: 'error',
      from: {
        path: ours,
        pathNot: [
          '^libs/read-models/',
          '^apps/api/src/sessions/',
          '^engines/mongo/.*[.](int-)?spec[.]ts$',
          '^engines/mongo/test/',
        ],
      },
      to: { path: npmPackage('mongodb') },
    },
    {
      name: 'engines-stand-behind-their-protocols',
      comment: 'The product meets the embedded stores over the wire, as it meets real servers.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['/test/', '[.](int-|e2e-)?spec[.]ts$'] },
      to: { path: '^engines/' },
    },
    {
      name: 'engines-know-no-product',
      severity: 'error',
      from: { path: '^engines/', pathNot: ['/test/', '[.](int-)?spec[.]ts$'] },
      to: { path: ['^apps/', '^libs/(?!platform/)'] },
    },
    {
      name: 'sdk-stands-alone',
      comment: 'Users of the SDK install neither a framework nor a driver.',
      severity: 'error',
      from: { path: '^libs/sdk/src/', pathNot: '[.](int-|e2e-)?spec[.]ts$' },
      to: {
        path: [
          npmPackage('@nestjs'),
          npmPackage('@eventstore'),
          npmPackage('mongodb'),
          '^libs/(?!sdk/)',
        ],
      },
    },
    {
      name: 'dashboard-knows-only-http',
      severity: 'error',
      from: { path: '^apps/dashboard/' },
      to: { path: ['^libs/', npmPackage('@nestjs'), npmPackage('mongodb')] },
    },
    {
      name: 'nothing-from-tests',
      comment: 'What is shipped does not import what only tests it.',
      severity: 'error',
      from: { path: '^(apps|libs|engines)/[^/]+/src/', pathNot: '[.](int-|e2e-)?spec[.]ts$' },
      to: { path: ['^test/', '[.](int-|e2e-)?spec[.]ts$', '^(libs|engines)/[^/]+/test/'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules'] },
    exclude: { path: '^(apps|libs|engines)/[^/]+/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@keytrail/source', 'types', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css', '.svg'],
    },
    moduleSystems: ['es6', 'cjs'],
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
  },
};
