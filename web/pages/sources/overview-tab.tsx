import { useState } from 'react'
import { useMay } from '../../api/session.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { RateChart } from './rate-chart.tsx'
import { SetUp } from './set-up.tsx'
import type { Source } from './source-state.ts'
import { WriteKey } from './write-key.tsx'

/** What is written in place of the key until it is shown. */
const placeholder = 'YOUR_WRITE_KEY'

export function OverviewTab({ source }: { source: Source }) {
  const t = useText()
  const mayManage = useMay('sources.manage')
  const [key, setKey] = useState<string | null>(null)
  const isNew = source.lastSeenAt === null
  const setUp = (
    <Section title={t('sources.setUp')} note={isNew ? t('sources.setUpNew') : undefined}>
      <SetUp kind={source.kind} writeKey={key ?? placeholder} />
    </Section>
  )
  return (
    <>
      {source.disabledAt && (
        <div className="pb-5">
          <Note tone="orange">{t('sources.disabledText')}</Note>
        </div>
      )}
      {!isNew && (
        <div className="pb-5">
          <RateChart source={source} />
        </div>
      )}
      {mayManage && (
        <Section title={t('sources.writeKey')} note={t('sources.writeKeyNote')}>
          <WriteKey source={source} value={key} onChange={setKey} />
        </Section>
      )}
      {setUp}
    </>
  )
}
