import { useState } from 'react'
import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Facts, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { MoveMatrix } from './move-matrix.tsx'
import { PastChart } from './past-chart.tsx'
import { usePreview } from './preview.ts'
import { PreviewCustomers } from './preview-customers.tsx'
import type { Cell, Preview, Scorecard } from './scorecard.ts'

interface PreviewTabProps {
  card: Scorecard
  definition: ScorecardDefinition
}

/** What a definition would do to the scores of a day: who moves, which thresholds are crossed, how the past would read. */
export function PreviewTab({ card, definition }: PreviewTabProps) {
  const t = useText()
  const format = useFormat()
  const [day, setDay] = useState('')
  const [cell, setCell] = useState<Cell>()
  const { preview, fault } = usePreview(card.id, definition, day)
  if (fault)
    return (
      <Note tone="red" alert>
        {fault}
      </Note>
    )
  return (
    <>
      <div className="s-tools">
        <Field label={t('scorecards.preview.day')} hint={t('scorecards.preview.dayHint')}>
          <TextInput
            type="date"
            value={day}
            max={format.today()}
            onChange={event => {
              setDay(event.currentTarget.value)
              setCell(undefined)
            }}
          />
        </Field>
      </div>
      {!preview ? (
        <SkeletonRows rows={8} />
      ) : preview.customers === 0 ? (
        <p className="text-t3">{t('scorecards.preview.nobody')}</p>
      ) : (
        <div className="s-parts">
          <PreviewFacts preview={preview} />
          <div>
            <MoveMatrix preview={preview} card={card} definition={definition} cell={cell} onCell={setCell} />
          </div>
          <PreviewCustomers card={card} definition={definition} day={day || undefined} cell={cell} />
          {preview.series.length > 1 && (
            <Section title={t('scorecards.preview.past')} note={t('scorecards.preview.pastNote')}>
              <PastChart series={preview.series} />
            </Section>
          )}
        </div>
      )}
    </>
  )
}

function PreviewFacts({ preview }: { preview: Preview }) {
  const t = useText()
  const format = useFormat()
  const moving = preview.moves.reduce((sum, move) => sum + move.customers, 0)
  const mean = (value: number | null) => (value === null ? '–' : format.number(value, 1))
  return (
    <Facts
      facts={[
        {
          label: t('scorecards.preview.moving'),
          value: t('health.customers', { count: moving }),
          small: t('health.ofCustomers', { count: preview.customers }),
        },
        { label: t('health.mean'), value: `${mean(preview.meanBefore)} → ${mean(preview.meanAfter)}` },
        ...preview.thresholds
          .filter(({ below }) => below < 80)
          .map(({ below, falling, rising }) => ({
            label: t('scorecards.preview.threshold', { below }),
            value: t('scorecards.preview.falling', { count: falling }),
            small: t('scorecards.preview.rising', { count: rising }),
          })),
        { label: t('scorecards.preview.asOf'), value: format.shortDay(preview.day) },
      ]}
    />
  )
}
