import { useEffect } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { listMembers } from '../../../server/platform/identity/contract/company.ts'
import { useRoutePages } from '../../api/hooks.ts'

export type Member = RouteReply<typeof listMembers>['items'][number]

/** All colleagues, for a choice among them; undefined until the first page is there. Further pages follow by themselves. */
export function useAllMembers(): Member[] | undefined {
  const { rows, more } = useRoutePages(listMembers, { query: { limit: 200 } })
  useEffect(() => {
    if (more && !more.pending) more.load()
  }, [more])
  return rows
}
