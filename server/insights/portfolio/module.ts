import type { Module } from '../../platform/work/manifest.ts'
import { routes } from './routes.ts'

export const portfolio: Module = { name: 'portfolio', routes }
