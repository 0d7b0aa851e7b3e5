import type { Chance } from './chance.ts'

export interface DemoPlan {
  name: string
  /** Least and most licences, and yen a licence and month. */
  licences: readonly [number, number]
  price: readonly [number, number]
  contacts: readonly [number, number]
  yearly: number
  /** How easily its customers leave. */
  ease: number
}

const starter: DemoPlan = {
  name: 'Starter',
  licences: [3, 10],
  price: [2_600, 3_400],
  contacts: [1, 3],
  yearly: 0.6,
  ease: 1.3,
}
const standard: DemoPlan = {
  name: 'Standard',
  licences: [10, 50],
  price: [2_000, 2_600],
  contacts: [2, 5],
  yearly: 0.8,
  ease: 1,
}
const professional: DemoPlan = {
  name: 'Professional',
  licences: [40, 200],
  price: [1_700, 2_300],
  contacts: [3, 8],
  yearly: 0.9,
  ease: 0.8,
}
const enterprise: DemoPlan = {
  name: 'Enterprise',
  licences: [180, 1_400],
  price: [1_500, 2_400],
  contacts: [5, 14],
  yearly: 1,
  ease: 0.6,
}
const free: DemoPlan = { name: 'Free', licences: [1, 3], price: [0, 0], contacts: [1, 1], yearly: 0, ease: 2 }
const pro: DemoPlan = {
  name: 'Pro',
  licences: [1, 12],
  price: [1_200, 1_900],
  contacts: [1, 3],
  yearly: 0.3,
  ease: 1.2,
}

/** From this many customers on it is a self-serve product: 200,000 Free, 10,000 Pro and 200 Enterprise in 210,200. */
const selfServeFrom = 20_000

/** The plan of a customer: by chance in a company-to-company product, by share in a self-serve one. */
export function planOf(chance: Chance, customers: number, number: number): DemoPlan {
  if (customers < selfServeFrom) {
    return chance.weighted([
      [starter, 38],
      [standard, 34],
      [professional, 20],
      [enterprise, 8],
    ])
  }
  const enterprises = Math.round((customers * 200) / 210_200)
  const pros = Math.round((customers * 10_000) / 210_200)
  return number < enterprises ? enterprise : number < enterprises + pros ? pro : free
}

/** What the product can do, with how common each use is. */
export const features: readonly (readonly [string, number])[] = [
  ['Dashboard Viewed', 1],
  ['Report Created', 0.5],
  ['Approval Completed', 0.42],
  ['File Uploaded', 0.36],
  ['Comment Added', 0.3],
  ['Workflow Run', 0.24],
  ['AI Assistant Asked', 0.18],
  ['Report Exported', 0.14],
  ['Integration Synced', 0.1],
  ['API Called', 0.06],
]
