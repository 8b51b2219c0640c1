/** The import rules of the code base. See docs/adr/ for why the packages are cut as they are. */
const ours = '^(apps|libs|engines)/';

/** The layers of apps/api/src, lowest first: each imports only those before it. */
const layers = ['http', 'events', 'stores', 'commands', 'sessions', 'access'];

/** What stands on the layers, side by side: an area imports layers and no other area. */
const areas = ['sign-in', 'accounts', 'keys', 'usage', 'audit', 'event-feed', 'operations'];

const oneOf = (folders) => `^apps/api/src/(${folders.join('|')})/`;
const spec = '[.](int-|e2e-)?spec[.]ts$';

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
      name: 'no-folder-circles',
      comment: 'Two folders that need each other are one, whatever their names say.',
      severity: 'error',
      from: { path: '^(apps|libs|test)/' },
      to: { circular: true },
      scope: 'folder',
    },
    ...layers.map((layer, index) => ({
      name: `api-layer-${layer}`,
      comment: 'A layer of the API knows those below it.',
      severity: 'error',
      from: { path: oneOf([layer]) },
      to: { path: '^apps/api/src/', pathNot: oneOf(layers.slice(0, index + 1)) },
    })),
    {
      name: 'api-areas-are-apart',
      comment: 'What two areas share lies in a layer.',
      severity: 'error',
      from: { path: oneOf(areas) },
      to: { path: '^apps/api/src/', pathNot: ['^apps/api/src/$1/', oneOf(layers)] },
    },
    {
      name: 'api-folders-are-layers-or-areas',
      comment: 'A new folder is named above before anybody imports it.',
      severity: 'error',
      from: {},
      to: { path: '^apps/api/src/[^/]+/', pathNot: oneOf([...layers, ...areas]) },
    },
    {
      name: 'api-is-composed-of-modules',
      comment: 'app.module.ts names areas, not what is in them.',
      severity: 'error',
      from: { path: '^apps/api/src/[^/]+$' },
      to: {
        path: oneOf(areas.filter((area) => area !== 'operations')),
        pathNot: '^apps/api/src/([^/]+)/\\1[.]module[.]ts$',
      },
    },
    {
      name: 'folders-do-not-look-up',
      comment: 'The files of a folder import its folders, which do not import them.',
      severity: 'error',
      from: { path: '^(libs/[^/]+/src)/.+/' },
      // The generated types import nothing.
      to: { path: '^$1/[^/]+$', pathNot: '/api-types[.]ts$' },
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
      from: { path: '^((?:apps|libs|engines)/[^/]+|test|scripts)/' },
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
      name: 'projections-are-given-their-models',
      comment:
        'The engine knows the log and the document database, and neither a model nor an event.',
      severity: 'error',
      from: { path: '^libs/projections/src/' },
      to: { path: '^libs/(?!projections/|event-store/|platform/)' },
    },
    {
      name: 'no-way-around-the-read-models',
      comment:
        'Documents are written by libs/projections and the synchronous writes of libs/read-models.',
      severity: 'error',
      from: {
        path: ours,
        pathNot: [
          '^libs/(projections|read-models)/',
          '^apps/api/src/sessions/',
          '^engines/mongo/.*[.](int-)?spec[.]ts$',
          '^engines/mongo/test/',
        ],
      },
      to: { path: npmPackage('mongodb') },
    },
    {
      name: 'no-way-around-the-sessions',
      comment: 'What the sign-in library knows of people leaves it in one place.',
      severity: 'error',
      from: { path: ours, pathNot: '^apps/api/src/sessions/' },
      to: { path: [npmPackage('better-auth'), npmPackage('@better-auth')] },
    },
    {
      name: 'engines-stand-behind-their-protocols',
      comment:
        'All meet the embedded stores over the wire, as real servers; tests of protocols and what starts stores for tests excepted.',
      severity: 'error',
      from: {
        path: '^(apps|libs|test|scripts)/',
        pathNot: ['^test/support/', '^libs/event-store/test/'],
      },
      to: { path: '^engines/' },
    },
    {
      name: 'engines-know-no-product',
      severity: 'error',
      from: { path: '^engines/', pathNot: ['/test/', spec] },
      to: { path: ['^apps/', '^libs/(?!platform/)'] },
    },
    {
      name: 'sdk-stands-alone',
      comment: 'Users of the SDK install neither a framework nor a driver.',
      severity: 'error',
      from: { path: '^libs/sdk/src/', pathNot: spec },
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
      comment: 'It is a client like any other, and so uses what other clients use.',
      severity: 'error',
      from: { path: '^apps/dashboard/' },
      to: { path: ['^libs/(?!sdk/src/index[.]ts$)', npmPackage('@nestjs'), npmPackage('mongodb')] },
    },
    {
      name: 'nothing-from-tests',
      comment: 'What is shipped does not import what only tests it.',
      severity: 'error',
      from: { path: '^(apps|libs|engines)/[^/]+/src/', pathNot: ['^libs/testing/', spec] },
      to: { path: ['^test/', '^(apps|libs|engines)/[^/]+/test/', '^libs/testing/'] },
    },
    {
      name: 'specs-are-ends',
      comment: 'What two tests share is no test.',
      severity: 'error',
      from: {},
      to: { path: spec },
    },
    {
      name: 'test-support-knows-no-product',
      comment: 'Tests of libraries use it, too.',
      severity: 'error',
      from: { path: '^test/support/' },
      to: { path: ['^apps/', '^test/(?!support/)', '^libs/(read-models|projections)/'] },
    },
    {
      name: 'tests-enter-the-api-by-its-harness',
      comment: 'Only the bench builds on parts of the API itself.',
      severity: 'error',
      from: { path: '^test/', pathNot: '^test/bench/' },
      to: { path: '^apps/api/', pathNot: '^apps/api/test/harness/' },
    },
    {
      name: 'no-folder-circles',
      comment:
        'The folders of an engine are layers: what a lower one needs is not in a higher one.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^engines/' },
      to: { circular: true },
    },
    {
      name: 'specs-in-libs-stay-there',
      comment:
        'A spec beside its source takes helpers from libs/testing; test/support starts apps.',
      severity: 'error',
      from: { path: '^libs/[^/]+/src/' },
      to: { path: ['^test/', '^libs/[^/]+/test/'] },
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
