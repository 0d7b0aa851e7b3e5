export const flowTabs = ['design', 'runs', 'result', 'versions'] as const
export type FlowTab = (typeof flowTabs)[number]

const listTabs = ['requests', 'contacts', 'winBack'] as const
type ListTab = (typeof listTabs)[number]

export type FlowsSearch = { tab?: ListTab; open?: string }
export type FlowSearch = { tab?: FlowTab }

/** What the address of the list says: the part that is shown, and the approval that is asked about. */
export function flowsSearchOf(search: Record<string, unknown>): FlowsSearch {
  const { open } = search
  const tab = listTabs.find(each => each === search.tab)
  return { ...(tab && { tab }), ...(typeof open === 'string' && { open }) }
}

/** What the address of a flow says: the part that is shown. */
export function flowSearchOf(search: Record<string, unknown>): FlowSearch {
  const tab = flowTabs.find(each => each === search.tab)
  return tab ? { tab } : {}
}
