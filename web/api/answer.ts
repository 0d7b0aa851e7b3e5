import { useEffect, useState } from 'react'
import type { RouteContract, RouteReply } from '../../server/platform/http/contract.ts'
import { useText } from '../i18n/provider.tsx'
import { useDebounced } from '../kit/debounced.ts'
import type { RouteCall } from './client.ts'
import { useCommand, wordsOf } from './hooks.ts'

/**
 * Asks a route that keeps nothing (a preview, a simulation) anew whenever what is asked has changed and rested for a
 * moment. What was answered last stays until the next answer.
 * @param call null while there is nothing whole to ask
 */
export function useAnswer<Contract extends RouteContract>(contract: Contract, call: RouteCall<Contract> | null) {
  const t = useText()
  const [shown, setShown] = useState<RouteReply<Contract>>()
  const [fault, setFault] = useState<string>()
  const { run } = useCommand(contract, { quiet: true, stale: [] })
  const text = useDebounced(JSON.stringify(call))
  const isWhole = call !== null
  useEffect(() => {
    const asked: RouteCall<Contract> | null = JSON.parse(text)
    if (!isWhole || asked === null) return
    let current = true
    run(asked).then(
      reply => {
        if (!current) return
        setShown(() => reply)
        setFault(undefined)
      },
      problem => current && setFault(wordsOf(problem, t)),
    )
    return () => {
      current = false
    }
  }, [run, text, isWhole, t])
  return { shown, fault }
}
