import {
  keepPreviousData,
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import type { RouteContract, RouteReply } from '../../server/platform/http/contract.ts'
import { useText } from '../i18n/provider.tsx'
import type { Text } from '../i18n/text.ts'
import { toastFailed } from '../kit/toast.tsx'
import { type CallArguments, call, type RouteCall, send } from './client.ts'
import { ApiProblem, pageCodes } from './problem.ts'

/** The cache of what the server said. Calls are repeated by the client itself, so not here. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: false, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
})

/** Name of a route's answers in the cache: first its path, so that a prefix of paths can be made stale at once. */
function cacheKey(contract: RouteContract, input: object = {}): readonly unknown[] {
  return [contract.path, input]
}

/** Makes the answers of all routes stale whose path begins so; those on screen are fetched again. */
export function invalidate(prefix: string): Promise<void> {
  return queries.invalidateQueries({ predicate: query => String(query.queryKey[0]).startsWith(prefix) })
}

/** How the cache asks a route; for reading it outside of a component. */
export function routeQuery<Contract extends RouteContract>(contract: Contract, ...[input]: CallArguments<Contract>) {
  return {
    queryKey: cacheKey(contract, input),
    queryFn: async ({ signal }: { signal: AbortSignal }) =>
      (await send(contract, input ?? {}, signal)) as RouteReply<Contract>,
  }
}

/** Reads a route: `const members = useRoute(listMembers, { query: { limit: 50 } })`; `members.data` is typed by it. */
export function useRoute<Contract extends RouteContract>(contract: Contract, ...input: CallArguments<Contract>) {
  return useRouteWhen(true, contract, ...input)
}

/** The same, which asks nothing while `may` is false: for what the person may not read. */
export function useRouteWhen<Contract extends RouteContract>(
  may: boolean,
  contract: Contract,
  ...input: CallArguments<Contract>
) {
  return useQuery<RouteReply<Contract>, ApiProblem>({
    ...routeQuery(contract, ...input),
    enabled: may,
    placeholderData: keepPreviousData,
  })
}

interface PageReply {
  items: unknown[]
  next: string | null
}

/** Reads a list page by page: rows, and what a DataTable needs for its "more" button. */
export function useRoutePages<Contract extends RouteContract>(contract: Contract, ...input: CallArguments<Contract>) {
  return usePages({}, contract, ...input)
}

/** The same for a list that may have hundreds of pages: they are not all fetched again by themselves. */
export function useLongList<Contract extends RouteContract>(contract: Contract, ...input: CallArguments<Contract>) {
  return usePages({ staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false }, contract, ...input)
}

function usePages<Contract extends RouteContract>(
  options: { staleTime?: number; refetchOnWindowFocus?: boolean },
  contract: Contract,
  ...[input]: CallArguments<Contract>
) {
  type Item = RouteReply<Contract> extends { items: (infer Each)[] } ? Each : never
  const given = (input ?? {}) as { query?: Record<string, unknown> }
  const pages = useInfiniteQuery<PageReply, ApiProblem, { pages: PageReply[] }, readonly unknown[], string | undefined>(
    {
      queryKey: cacheKey(contract, { ...given, pages: true }),
      queryFn: async ({ pageParam, signal }) =>
        (await send(contract, { ...given, query: { ...given.query, cursor: pageParam } }, signal)) as PageReply,
      initialPageParam: undefined,
      getNextPageParam: page => page.next ?? undefined,
      ...options,
    },
  )
  return {
    rows: pages.data?.pages.flatMap(page => page.items) as Item[] | undefined,
    /** The first page, for what a list says of all its rows. */
    first: pages.data?.pages[0] as RouteReply<Contract> | undefined,
    problem: pages.error,
    retry: () => void pages.refetch(),
    more: pages.hasNextPage ? { load: () => void pages.fetchNextPage(), pending: pages.isFetchingNextPage } : undefined,
  }
}

interface CommandOptions<Reply> {
  /** Path prefixes whose answers the command makes stale; its own path up to the first parameter when left out. */
  stale?: readonly string[]
  onDone?: (reply: Reply) => void
  /** The form around shows the failure itself. */
  quiet?: boolean
}

/** A write: `const invite = useCommand(inviteMember)`, then `await invite.run({ body })`. Failures show as a toast. */
export function useCommand<Contract extends RouteContract>(
  contract: Contract,
  options: CommandOptions<RouteReply<Contract>> = {},
) {
  const t = useText()
  const client = useQueryClient()
  const mutation = useMutation<RouteReply<Contract>, Error, RouteCall<Contract>>({
    mutationFn: input => call(contract, ...([input] as CallArguments<Contract>)),
    onSuccess: async reply => {
      const prefixes = options.stale ?? [contract.path.split('/:')[0] ?? contract.path]
      await client.invalidateQueries({
        predicate: query => prefixes.some(prefix => String(query.queryKey[0]).startsWith(prefix)),
      })
      options.onDone?.(reply)
    },
    onError: fault => {
      if (!options.quiet) toastFailed(wordsOf(fault, t))
    },
  })
  return { run: mutation.mutateAsync, pending: mutation.isPending }
}

/** What to tell a person about a failure. */
export function wordsOf(fault: unknown, t: Text): string {
  if (!(fault instanceof ApiProblem)) return t('frame.failed.unreadable')
  if (fault.code === pageCodes.network) return t('frame.failed.network')
  return fault.detail || fault.title || t('frame.failed.unreadable')
}
