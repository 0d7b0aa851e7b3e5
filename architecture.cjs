// The architecture as rules: who may import whom. Run by `npm run check`; explained in ARCHITECTURE.md.

/** The stages, through which data flows from left to right while imports look to the left; and what a file of a module may be. */
const { stages, roles } = require('./scripts/checks/layers.json')

/** A folder of the platform may import those before it. */
const platform = [
  'errors',
  'html',
  'learning',
  'config',
  'telemetry',
  'db',
  'postgres',
  'secrets',
  'permissions',
  'context',
  'audit',
  'events',
  'jobs',
  'tenancy',
  'http',
  'work',
  'mail',
  'identity',
  'administration',
  'operations',
]

const module_ = `^server/(${stages.slice(1).join('|')})/([^/]+)/`
/** A role is a file, or the folder it grew into. */
const role = names => `/(${names.join('|')})([.]ts$|/)`
const doors = role(['contract', 'events', 'queries', 'commands', 'tables', 'catalog'])
const contract = role(['contract'])
const test = '[.]test[.]tsx?$'

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

module.exports = {
  forbidden: [
    rule('no-cycles', 'Nothing imports itself by a detour, types included.', {}, { circular: true }),

    ...stages
      .slice(0, -1)
      .map((stage, index) =>
        rule(
          `${stage}-looks-upstream`,
          'A stage imports only those before it; facts flow downstream as events.',
          { path: `^server/${stage}/`, pathNot: test },
          { path: `^server/(${stages.slice(index + 1).join('|')})/` },
        ),
      ),
    ...platform
      .slice(0, -1)
      .map((folder, index) =>
        rule(
          `platform-${folder}-looks-up`,
          'A platform folder imports only those before it in the list of ARCHITECTURE.md.',
          { path: `^server/platform/${folder}/`, pathNot: test },
          { path: `^server/platform/(${platform.slice(index + 1).join('|')})/` },
        ),
      ),
    rule(
      'platform-folders-are-listed',
      'A new platform folder gets its place in the list above and in ARCHITECTURE.md.',
      {},
      { path: '^server/platform/', pathNot: `^server/platform/(${platform.join('|')})/` },
    ),
    rule(
      'entry-points-on-top',
      'What stands directly in server/ composes the rest; nothing in the stages imports it.',
      { path: '^server/[^/]+/', pathNot: test },
      { path: '^server/[^/]+[.]ts$' },
    ),
    rule(
      'manifests-only-in-modules',
      'Only server/modules.ts lists manifests.',
      { path: '^server/', pathNot: ['^server/modules[.]ts$', test] },
      { path: '^server/[^/]+/[^/]+/module[.]ts$' },
    ),

    rule(
      'enter-modules-by-their-doors',
      'Another module is entered by its contract, events, queries, commands, tables or catalog.',
      { path: module_, pathNot: test },
      { path: module_, pathNot: ['^server/$1/$2/', doors] },
    ),
    rule(
      'platform-privates',
      'routes, jobs and client stay inside their platform folder.',
      { path: '^server/platform/([^/]+)/', pathNot: test },
      { path: `^server/platform/[^/]+${role(['routes', 'jobs', 'client'])}`, pathNot: '^server/platform/$1/' },
    ),
    rule(
      'platform-privates-from-outside',
      'routes, jobs and client stay inside their platform folder.',
      { path: '^server/', pathNot: ['^server/platform/', '^server/modules[.]ts$', test] },
      { path: `^server/platform/[^/]+${role(['routes', 'jobs', 'client'])}` },
    ),
    rule(
      'rules-are-pure',
      'A file named by its idea computes; it reaches no database, network, file or job.',
      { path: module_, pathNot: [role(roles), test] },
      {
        path: [
          '^server/platform/(config|db|postgres|audit|events|jobs|tenancy|http|work|mail|operations)/',
          `${module_}.*${role(['queries', 'commands', 'routes', 'jobs', 'client', 'module']).slice(1)}`,
          `^server/[^/]+/[^/]+${role(['queries', 'commands', 'routes', 'jobs', 'client', 'module'])}`,
          'node_modules/(pg|pg-[a-z-]+|kysely|fastify|undici|nodemailer)/',
          '^(node:)?(fs|http|http2|https|net|tls|dgram|dns|child_process|worker_threads|cluster)(/|$)',
        ],
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'contracts-are-browser-safe',
      'A contract imports zod, other contracts and words, nothing else: the browser reads it.',
      { path: `^server/.*${contract}`, pathNot: test },
      {
        pathNot: ['node_modules/zod/', `^server/.*${contract}`, '^server/platform/errors/words[.]ts$'],
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'only-clients-and-platform-call-out',
      'A module speaks to the outside in its client only.',
      { path: module_, pathNot: [role(['client']), test] },
      { path: ['^(node:)?(http|http2|https|net|tls|dgram|dns)(/|$)', 'node_modules/undici/'] },
    ),
    rule(
      'only-the-mail-client-sends',
      'One place speaks SMTP.',
      { path: '^(server|cli|web)/', pathNot: [`^server/platform/mail${role(['client'])}`, test] },
      { path: 'node_modules/nodemailer/' },
    ),

    rule(
      'web-sees-contracts',
      'The browser knows the server by its contracts.',
      { path: '^(web|tracker)/', pathNot: test },
      { path: '^server/', pathNot: [contract, '^server/platform/errors/words[.]ts$'] },
    ),
    rule(
      'cli-sees-contracts-and-operator',
      'The command line knows the server by its contracts, and by operator.ts, the one door of what works on the machine itself.',
      { path: '^cli/', pathNot: test },
      { path: '^server/', pathNot: [contract, '^server/operator[.]ts$', '^server/platform/errors/words[.]ts$'] },
    ),
    rule(
      'server-knows-no-client',
      'The server serves whoever asks.',
      { path: '^server/', pathNot: test },
      { path: '^(web|cli|tracker)/' },
    ),
    rule(
      'clients-know-not-each-other',
      'web, cli and tracker share nothing but contracts.',
      { path: '^(web|cli|tracker)/', pathNot: test },
      { path: '^(web|cli|tracker)/', pathNot: '^$1/' },
    ),
    rule(
      'features-stand-alone',
      'Only pages combine features.',
      { path: '^web/features/([^/]+)/', pathNot: test },
      { path: '^web/(features|pages)/', pathNot: '^web/features/$1/' },
    ),
    rule(
      'kit-knows-no-domain',
      'kit and api serve every feature, so they know none.',
      { path: '^web/(kit|api|i18n)/', pathNot: test },
      { path: '^web/(features|pages)/' },
    ),
    rule(
      'kit-knows-no-server',
      'The kit draws what it is given.',
      { path: '^web/kit/', pathNot: test },
      { path: '^server/' },
    ),
    rule(
      'product-without-workshop',
      'What ships imports no tests, scripts or benchmarks.',
      { path: '^(server|web|cli|tracker)/', pathNot: test },
      { path: '^(tests|scripts|bench)/' },
    ),
    rule(
      'product-without-development-packages',
      'What ships runs on an installation without devDependencies.',
      { path: '^(server|cli)/', pathNot: test },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    // Imports of types count, too: they tie folders together as much as the others.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^web/dist/|[.]css$|types[.]generated[.]ts$' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
