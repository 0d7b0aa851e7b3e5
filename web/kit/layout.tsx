import type { ReactNode } from 'react'

/** The body of a screen under the top bar. `narrow` for forms and settings. */
export function Page({ narrow, children }: { narrow?: boolean; children: ReactNode }) {
  return (
    <div className="k-page" data-narrow={narrow || undefined}>
      {children}
    </div>
  )
}

/** First line of a page: what is shown, as of when; figures or actions at its end. */
export function PageHead({ text, children }: { text: ReactNode; children?: ReactNode }) {
  return (
    <div className="k-page-head">
      <div className="k-page-text">{text}</div>
      {children}
    </div>
  )
}

interface SectionProps {
  title: string
  /** What the section holds, in grey beside its title. */
  note?: ReactNode
  /** Links, counts or buttons at the end of the title line. */
  end?: ReactNode
  /** Content that draws its own first line, such as a table. */
  flush?: boolean
  children: ReactNode
}

export function Section({ title, note, end, flush, children }: SectionProps) {
  return (
    <section className="k-section">
      <div className="k-section-head">
        <h2>{title}</h2>
        {note && <span className="k-section-note">{note}</span>}
        {end && <span className="k-section-end">{end}</span>}
      </div>
      <div className="k-section-body" data-flush={flush || undefined}>
        {children}
      </div>
    </section>
  )
}

/** Main part and a rail of 312 px, one under the other below 1100 px. */
export function Columns({ main, rail }: { main: ReactNode; rail: ReactNode }) {
  return (
    <div className="k-columns">
      <div>{main}</div>
      <aside>{rail}</aside>
    </div>
  )
}

interface Fact {
  label: string
  value: ReactNode
  /** Unit, comparison or age of the figure. */
  small?: ReactNode
}

/** The few figures of a header. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="k-facts">
      {facts.map(fact => (
        <div key={fact.label}>
          <dt>{fact.label}</dt>
          <dd>
            {fact.value}
            {fact.small && <small>{fact.small}</small>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Names and values, one pair a line. */
export function Pairs({
  pairs,
  align = 'end',
}: {
  pairs: readonly (readonly [string, ReactNode])[]
  align?: 'start' | 'end'
}) {
  return (
    <dl className="k-pairs" data-align={align}>
      {pairs.map(([name, value]) => (
        <Pair key={name} name={name} value={value} />
      ))}
    </dl>
  )
}

function Pair({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}
