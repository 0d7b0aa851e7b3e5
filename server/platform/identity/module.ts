import type { Module } from '../work/manifest.ts'
import { jobs } from './jobs.ts'
import { accountRoutes } from './routes/account.ts'
import { companyRoutes } from './routes/company.ts'
import { boxes, tables } from './tables.ts'

export const identity: Module = { name: 'identity', tables, boxes, routes: [...accountRoutes, ...companyRoutes], jobs }
