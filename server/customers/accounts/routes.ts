import { requirePermission } from '../../platform/context/context.ts'
import { implement } from '../../platform/http/implement.ts'
import { customerColumns } from './catalog.ts'
import { changeMany } from './commands/bulk.ts'
import { handOver, undoHandOver } from './commands/handover.ts'
import { pinTier, previewTierModel, setTierModel } from './commands/tiers.ts'
import * as around from './contract/around.ts'
import * as customers from './contract/customers.ts'
import * as tiers from './contract/tiers.ts'
import { commonValues, customerHistory, hierarchyOf, usesOfCustomer } from './queries/around.ts'
import { getCustomer, listCustomers, summarizeCustomers } from './queries/customers.ts'
import { exportList } from './queries/export.ts'
import { exportedFields } from './queries/shown-fields.ts'
import { tierCounts, tierModelOf, tierPresets } from './queries/tier-model.ts'

export const routes = [
  implement(customers.listCustomers, (ctx, { query }) => listCustomers(ctx, query)),
  implement(customers.exportCustomers, async (ctx, { query: { format, columns, ...list } }) => {
    const further = await exportedFields(ctx, columns)
    const fields = Object.keys(further).join(',') || undefined
    return exportList(ctx, {
      record: 'customer',
      format,
      columns,
      known: { ...customerColumns, ...further },
      page: (present, limit, cursor) => listCustomers(present, { ...list, fields, limit, cursor }, 'customers.export'),
    })
  }),
  implement(customers.getCustomer, (ctx, { params }) => getCustomer(ctx, params.id)),
  implement(customers.summarizeCustomers, (ctx, { query }) => summarizeCustomers(ctx, query)),
  implement(around.suggestValues, async (ctx, { query }) => ({ items: await commonValues(ctx, query.field) })),
  implement(around.customerUses, async (ctx, { params }) => ({ uses: await usesOfCustomer(ctx, params.id) })),
  implement(customers.bulkUpdateCustomers, (ctx, { body }) => changeMany(ctx, body)),
  implement(customers.handOver, (ctx, { body }) => handOver(ctx, body)),
  implement(customers.undoHandOver, async (ctx, { params }) => ({ changed: await undoHandOver(ctx, params.id) })),
  implement(around.getHierarchy, (ctx, { params }) => hierarchyOf(ctx, params.id)),
  implement(tiers.getTierModel, async ctx => {
    requirePermission(ctx, 'customers.read')
    const [model, counts] = [await tierModelOf(ctx), await tierCounts(ctx)]
    return { model, counts, presets: [...tierPresets] }
  }),
  implement(tiers.previewTierModel, (ctx, { body }) => previewTierModel(ctx, body)),
  implement(tiers.setTierModel, async (ctx, { body }) => ({ moves: await setTierModel(ctx, body) })),
  implement(tiers.pinTier, async (ctx, { params, body }) => {
    await pinTier(ctx, params.id, body.tierKey, body.note)
    return undefined
  }),
  implement(tiers.listHistory, (ctx, { params, query }) => customerHistory(ctx, params.id, query.field)),
]
