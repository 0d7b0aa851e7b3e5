import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Comparison } from '../../../server/catalog/conditions/contract.ts'

const stillHere: Comparison = { field: 'status', op: 'not_in', value: ['CHURNED'] }

interface BehindProps {
  filter: readonly Comparison[]
  mine?: 'own' | 'team' | undefined
  label: string
  children: ReactNode
}

/** A figure that opens the customers behind it, lowest health first. */
export function Behind({ filter, mine, label, children }: BehindProps) {
  return (
    <Link
      to="/customers"
      search={{ filter: [...filter, stillHere], sort: 'healthScore', order: 'asc', ...(mine && { mine }) }}
      className="k-link"
      aria-label={label}
    >
      {children}
    </Link>
  )
}
