import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import type { Cell, Preview, Scorecard } from './scorecard.ts'

interface MoveMatrixProps {
  preview: Preview
  card: Scorecard
  definition: ScorecardDefinition
  cell: Cell | undefined
  onCell: (cell: Cell | undefined) => void
}

/** From which band to which: a line for each band of now, a column for each of the draft; each number opens its customers. */
export function MoveMatrix({ preview, card, definition, cell, onCell }: MoveMatrixProps) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const known = [...definition.bands, ...(card.definition?.bands ?? [])]
  const bandName = (key: string | null) => {
    const band = known.find(each => each.key === key)
    return band ? nameOf(band, locale) : (key ?? t('scorecards.preview.noScore'))
  }
  const order = (keys: (string | null)[]) => {
    const place = (key: string | null) => (key === null ? 1_000 : known.findIndex(band => band.key === key))
    return [...new Set(keys)].sort((one, other) => place(one) - place(other))
  }
  const rows = order(preview.matrix.map(each => each.from))
  const columns = order(preview.matrix.map(each => each.to))
  const countOf = (from: string | null, to: string | null) =>
    preview.matrix.find(each => each.from === from && each.to === to)?.customers ?? 0
  return (
    <Section title={t('scorecards.preview.moves')} note={t('scorecards.preview.movesNote')} flush>
      <div className="s-scroll">
        <table className="k-table s-matrix" aria-label={t('scorecards.preview.moves')}>
          <thead>
            <tr>
              <th scope="col">{t('scorecards.preview.nowThen')}</th>
              {columns.map(to => (
                <th key={to ?? ''} scope="col" data-align="end">
                  {bandName(to)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(from => (
              <tr key={from ?? ''} data-row>
                <td className="s-name">{bandName(from)}</td>
                {columns.map(to => {
                  const count = countOf(from, to)
                  const isChosen = cell?.from === from && cell?.to === to
                  return (
                    <td key={to ?? ''} data-align="end" data-same={from === to || undefined}>
                      {count === 0 ? (
                        '–'
                      ) : (
                        <button
                          type="button"
                          className="k-link"
                          aria-pressed={isChosen}
                          aria-label={t('scorecards.preview.open', {
                            from: bandName(from),
                            to: bandName(to),
                            count,
                          })}
                          onClick={() => onCell(isChosen ? undefined : { from, to })}
                        >
                          {format.number(count)}
                        </button>
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
