import { implement } from '../../platform/http/implement.ts'
import { createTicket, deleteTicket, updateTicket } from './commands/ticket.ts'
import * as contract from './contract.ts'
import { getTicket, listTickets } from './queries.ts'

export const routes = [
  implement(contract.listTickets, (ctx, { query }) => listTickets(ctx, query)),
  implement(contract.getTicket, (ctx, { params }) => getTicket(ctx, params.id)),
  implement(contract.createTicket, async (ctx, { body }) => getTicket(ctx, await createTicket(ctx, body))),
  implement(contract.updateTicket, async (ctx, { params, body }) => {
    await updateTicket(ctx, params.id, body)
    return getTicket(ctx, params.id)
  }),
  implement(contract.deleteTicket, async (ctx, { params }) => {
    await deleteTicket(ctx, params.id)
    return undefined
  }),
]
