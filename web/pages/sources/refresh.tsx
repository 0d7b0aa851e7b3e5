import { useRefresh } from '../../api/refresh.ts'

/** While it is in the page, answers of the path are fetched again every few seconds. */
export function Refresh({ path, seconds }: { path: string; seconds: number }) {
  useRefresh(path, seconds)
  return null
}
