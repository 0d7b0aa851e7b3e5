/** The fields of a contract that people and sources write, by their name in the API; each with its column. */
export const contractFields = {
  customerId: { column: 'customer_id', type: 'id' },
  externalId: { column: 'external_id', type: 'text' },
  plan: { column: 'plan', type: 'text' },
  amount: { column: 'amount', type: 'number' },
  currency: { column: 'currency', type: 'text' },
  interval: { column: 'interval', type: 'one_of' },
  startsOn: { column: 'starts_on', type: 'date' },
  endsOn: { column: 'ends_on', type: 'date' },
  renewsOn: { column: 'renews_on', type: 'date' },
  status: { column: 'status', type: 'one_of' },
  autoRenew: { column: 'auto_renew', type: 'boolean' },
  licenceCount: { column: 'licence_count', type: 'integer' },
} as const

export type ContractField = keyof typeof contractFields
