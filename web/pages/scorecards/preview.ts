import { useEffect, useMemo, useState } from 'react'
import { previewScorecard } from '../../../server/signals/scorecards/contract/cards.ts'
import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { call } from '../../api/client.ts'
import { wordsOf } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import type { Preview } from './scorecard.ts'

/** Asks for the preview of a definition, again where it changes. */
export function usePreview(id: string, definition: ScorecardDefinition, day: string, history = true) {
  const t = useText()
  const [preview, setPreview] = useState<Preview>()
  const [fault, setFault] = useState<string>()
  const text = useMemo(() => JSON.stringify(definition), [definition])
  useEffect(() => {
    let current = true
    setPreview(undefined)
    setFault(undefined)
    const body = { definition: JSON.parse(text) as ScorecardDefinition, history, ...(day && { day }) }
    call(previewScorecard, { params: { id }, body }).then(
      reply => current && setPreview(reply),
      problem => current && setFault(wordsOf(problem, t)),
    )
    return () => {
      current = false
    }
  }, [id, text, day, history, t])
  return { preview, fault }
}
