import { useEffect, useState } from 'react'

/**
 * The token of a link in a mail, from the fragment of the address, which no server and no log sees. It is taken out of
 * the address bar once it is read.
 * @returns '' without one
 */
export function useFragmentToken(): string {
  const [token, setToken] = useState(() => location.hash.slice(1))
  useEffect(() => {
    const take = () => {
      if (location.hash === '') return
      setToken(location.hash.slice(1))
      history.replaceState(history.state, '', location.pathname + location.search)
    }
    take()
    // A second link opened in the same tab changes the fragment only.
    window.addEventListener('hashchange', take)
    return () => window.removeEventListener('hashchange', take)
  }, [])
  return token
}
