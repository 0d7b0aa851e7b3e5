/** A write whose events are to be processed. */
export interface Batch {
  id: string
  sourceId: string
  receivedAt: string
  accepted: number
  duplicated: number
  rejected: number
  conflicting: number
  identity: boolean
  firstAt: string | null
  lastAt: string | null
}
