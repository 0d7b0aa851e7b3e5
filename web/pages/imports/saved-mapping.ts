import type { listImportMappings } from '../../../server/collect/imports/contract/mappings.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'

export type SavedMapping = RouteReply<typeof listImportMappings>['items'][number]
