import { type Implementation, implement } from '../../../platform/http/implement.ts'
import { createSource, revealSourceKey, rotateSourceKey, setRetention, updateSource } from '../commands/sources.ts'
import { standardRetention } from '../commands/store.ts'
import {
  changeRetention,
  changeSource,
  getSource,
  listFindings,
  listRates,
  listSourceEvents,
  listSources,
  makeSource,
  readRetention,
  revealKey,
  rotateKey,
} from '../contract/sources.ts'
import { contactUsage, customerUsage } from '../contract/usage.ts'
import { eventPage } from '../queries/events.ts'
import { findingPage, ratesOf, retentionOf, sourceById, sourcePage } from '../queries/sources.ts'
import { usageOfContact, usageOfCustomer } from '../queries/usage.ts'

export const sourceRoutes: readonly Implementation[] = [
  implement(listSources, (ctx, { query }) => sourcePage(ctx, query)),
  implement(getSource, (ctx, { params }) => sourceById(ctx, params.id)),
  implement(makeSource, (ctx, { body }) => createSource(ctx, body)),
  implement(changeSource, (ctx, { params, body }) => updateSource(ctx, params.id, body).then(() => undefined)),
  implement(rotateKey, (ctx, { params }) => rotateSourceKey(ctx, params.id)),
  implement(revealKey, (ctx, { params }) => revealSourceKey(ctx, params.id)),
  implement(listSourceEvents, (ctx, { params, query }) => eventPage(ctx, params.id, query)),
  implement(listFindings, (ctx, { params, query }) => findingPage(ctx, params.id, query)),
  implement(listRates, (ctx, { params, query }) => ratesOf(ctx, params.id, query.hours)),
  implement(readRetention, async ctx => ({ retentionDays: await retentionOf(ctx, standardRetention) })),
  implement(changeRetention, (ctx, { body }) => setRetention(ctx, body.retentionDays).then(() => undefined)),
  implement(customerUsage, (ctx, { params, query }) => usageOfCustomer(ctx, params.id, query.days)),
  implement(contactUsage, (ctx, { params, query }) => usageOfContact(ctx, params.id, query.days)),
]
