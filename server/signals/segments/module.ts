import type { Module } from '../../platform/work/manifest.ts'
import { tables } from './tables.ts'

export const segments: Module = { name: 'segments', tables }
