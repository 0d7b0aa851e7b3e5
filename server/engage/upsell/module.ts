import type { Module } from '../../platform/work/manifest.ts'
import { routes } from './routes.ts'

export const upsell: Module = { name: 'upsell', routes }
