import type { Module } from '../../platform/work/manifest.ts'
import { jobs, reactions } from './jobs.ts'

export const leads: Module = { name: 'leads', jobs, reactions }
