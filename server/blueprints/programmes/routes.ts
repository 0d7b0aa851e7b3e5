import { Readable } from 'node:stream'
import { Download, implement } from '../../platform/http/implement.ts'
import { applyBlueprint, planBlueprint } from './commands/apply.ts'
import { blueprintDrift, exportSections } from './commands/export.ts'
import * as contract from './contract/blueprints.ts'
import { blueprintJsonSchema } from './contract/document.ts'
import { listApplications, listBlueprints, oneApplication } from './queries/applications.ts'

export const routes = [
  implement(contract.listBlueprints, ctx => listBlueprints(ctx)),
  implement(contract.planBlueprint, (ctx, { body }) => planBlueprint(ctx, body)),
  implement(contract.applyBlueprint, async (ctx, { body: { fingerprint, ...wish } }) =>
    oneApplication(ctx, await applyBlueprint(ctx, wish, fingerprint), false),
  ),
  implement(contract.listApplications, ctx => listApplications(ctx)),
  implement(contract.getApplication, (ctx, { params }) => oneApplication(ctx, params.id, true)),
  implement(contract.blueprintDrift, ctx => blueprintDrift(ctx)),
  implement(contract.exportBlueprint, async (ctx, { query }) => {
    const sections = await exportSections(ctx, query.blueprint)
    const text = sections.map(each => each.text).join('\n')
    return new Download(Readable.from([text]), 'application/yaml; charset=utf-8', `${query.blueprint ?? 'kizuna'}.yaml`)
  }),
  implement(contract.blueprintSchema, async () => blueprintJsonSchema()),
]
