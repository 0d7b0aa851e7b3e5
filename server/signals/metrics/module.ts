import type { Module } from '../../platform/work/manifest.ts'
import { jobs } from './jobs.ts'
import { tables } from './tables.ts'

export const metrics: Module = { name: 'metrics', tables, jobs }
