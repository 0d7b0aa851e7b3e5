import { type Implementation, implement } from '../../platform/http/implement.ts'
import { changeUpsell } from './commands/change.ts'
import { putUpsellSettings } from './commands/settings.ts'
import * as contract from './contract/opportunities.ts'
import { listExpansionOpportunities as listOfRecord } from './contract/record.ts'
import * as settingsContract from './contract/settings.ts'
import { listUpsell, returnBasisOf } from './queries/list.ts'
import { listExpansionOpportunities } from './queries/record.ts'
import { upsellSettingsOf } from './queries/settings.ts'

export const routes: Implementation[] = [
  implement(listOfRecord, (ctx, { query }) => listExpansionOpportunities(ctx, query)),
  implement(contract.listUpsell, (ctx, { query }) => listUpsell(ctx, query)),
  implement(contract.changeUpsell, async (ctx, { body }) => ({ changed: await changeUpsell(ctx, body) })),
  implement(contract.returnBasis, (ctx, { params }) => returnBasisOf(ctx, params.id)),
  implement(settingsContract.getUpsellSettings, ctx => upsellSettingsOf(ctx)),
  implement(settingsContract.putUpsellSettings, async (ctx, { body }) => {
    await putUpsellSettings(ctx, body)
    return upsellSettingsOf(ctx)
  }),
]
