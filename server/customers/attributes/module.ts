import type { Module } from '../../platform/work/manifest.ts'
import { attributeFields } from './queries/condition-fields.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const attributes: Module = { name: 'attributes', tables, routes, vocabulary: { ownFields: attributeFields } }
