import { implement } from '../http/implement.ts'
import { getMail, listMails } from './contract.ts'
import { readMail, readMails } from './queries.ts'

export const mailRoutes = [
  implement(listMails, (ctx, { query }) => readMails(ctx, query)),
  implement(getMail, (ctx, { params }) => readMail(ctx, params.id)),
]
