import { useState } from 'react'
import type { SourceKind } from '../../../server/collect/ingest/contract/sources.ts'
import { useText } from '../../i18n/provider.tsx'
import { Segments } from '../../kit/button.tsx'
import { linesOf, waysOf } from './instructions.ts'
import { Snippet } from './snippet.tsx'

/** What to do so that a program sends here, by the way it sends. */
export function SetUp({ kind, writeKey }: { kind: SourceKind; writeKey: string }) {
  const t = useText()
  const ways = waysOf[kind]
  const [way, setWay] = useState(ways[0]!)
  return (
    <div className="grid grid-cols-1 gap-5">
      {ways.length > 1 && (
        <div className="d-ways">
          <Segments
            label={t('sources.way')}
            value={way}
            onChange={setWay}
            options={ways.map(value => ({ value, label: t(`sources.way.${value}`) }))}
          />
        </div>
      )}
      <p className="text-t2 d-text">{t(`sources.wayText.${way}`)}</p>
      {linesOf(way, location.origin, writeKey).map(({ step, text }) => (
        <Snippet key={`${way} ${step}`} label={t(`sources.step.${step}`)} text={text} />
      ))}
      {kind === 'mobile' && (
        <p className="text-t2 d-text">{t('sources.mobileText', { address: `${location.origin}/v1` })}</p>
      )}
    </div>
  )
}
