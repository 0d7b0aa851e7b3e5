import { type Implementation, implement } from '../../platform/http/implement.ts'
import type { RawImplementation } from '../../platform/http/raw.ts'
import { createEndpoint, rotateSecret, updateEndpoint } from './commands/endpoints.ts'
import { receiveDelivery } from './commands/receive.ts'
import {
  changeWebhookEndpoint,
  listWebhookDeliveries,
  listWebhookEndpoints,
  makeWebhookEndpoint,
  receiveWebhook,
  rotateWebhookSecret,
} from './contract.ts'
import { deliveryPage, endpointPage } from './queries.ts'

export const webhookRoutes: readonly Implementation[] = [
  implement(listWebhookEndpoints, (ctx, { query }) => endpointPage(ctx, query)),
  implement(makeWebhookEndpoint, (ctx, { body }) => createEndpoint(ctx, body)),
  implement(changeWebhookEndpoint, (ctx, { params, body }) =>
    updateEndpoint(ctx, params.id, body).then(() => undefined),
  ),
  implement(rotateWebhookSecret, (ctx, { params, body }) => rotateSecret(ctx, params.id, body.keepHours)),
  implement(listWebhookDeliveries, (ctx, { params, query }) => deliveryPage(ctx, params.id, query)),
]

export const deliveryRoutes: readonly RawImplementation[] = [{ contract: receiveWebhook, handle: receiveDelivery }]
