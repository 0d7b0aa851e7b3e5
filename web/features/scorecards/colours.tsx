import { useFormat, useText } from '../../i18n/provider.tsx'
import './scorecards.css'

/** Colours of bands, from the best on. */
export const bandColours = ['green', 'yellow', 'orange', 'red'] as const
export type BandColour = (typeof bandColours)[number]

interface ColourBarProps {
  /** Customers by colour. */
  counts: Readonly<Record<string, number>>
  /** Of whom, for screen readers. */
  label: string
}

/** How customers spread over the colours of bands: a bar whose parts carry their counts. */
export function ColourBar({ counts, label }: ColourBarProps) {
  const t = useText()
  const format = useFormat()
  const total = bandColours.reduce((sum, colour) => sum + (counts[colour] ?? 0), 0)
  if (total === 0) return <span className="text-t3">{t('kit.health.none')}</span>
  const words = bandColours.map(colour => `${t(`kit.health.${colour}`)} ${format.number(counts[colour] ?? 0)}`)
  return (
    <svg
      className="s-bar"
      role="img"
      aria-label={`${label}: ${words.join(', ')}`}
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
    >
      {bandColours.map((colour, at) => {
        const before = bandColours.slice(0, at).reduce((sum, each) => sum + (counts[each] ?? 0), 0)
        const share = counts[colour] ?? 0
        return (
          share > 0 && (
            <rect
              key={colour}
              data-colour={colour}
              x={(before / total) * 100}
              width={(share / total) * 100}
              y={0}
              height={10}
            />
          )
        )
      })}
    </svg>
  )
}
