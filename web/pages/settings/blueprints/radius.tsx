import { Link } from '@tanstack/react-router'
import type { BlastRadius } from '../../../../server/blueprints/programmes/contract/blueprints.ts'
import { ColourBar } from '../../../features/scorecards/colours.tsx'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import { Section } from '../../../kit/layout.tsx'

const colours = ['green', 'yellow', 'orange', 'red'] as const
type Colour = (typeof colours)[number]

/** What a plan does to the customers: who changes colour, tier or segment, and what opens and closes. */
export function Radius({ radius }: { radius: BlastRadius }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { health, tiers, segments, alerts, leads, stages, flows } = radius
  const colourName = (colour: string | null) =>
    colours.includes(colour as Colour) ? t(`kit.health.${colour as Colour}`) : t('kit.health.none')
  const listed = (names: string[], all: number) => {
    if (names.length === 0) return ''
    const list = new Intl.ListFormat(locale).format(names)
    return t('blueprints.radius.names', { names: all > names.length ? `${list}…` : list })
  }
  const groups: { title: string; lines: string[]; note?: string }[] = [
    {
      title: t('blueprints.radius.tiers'),
      lines: tiers.map(({ from, to, customers }) =>
        t('blueprints.radius.move', { from: from?.[locale] ?? '–', to: to?.[locale] ?? '–', count: customers }),
      ),
    },
    {
      title: t('blueprints.radius.segments'),
      lines: segments.map(({ name, entered, exited }) =>
        t('blueprints.radius.entered', { name: name[locale], entered, exited }),
      ),
    },
    {
      title: t('blueprints.radius.alerts'),
      lines: alerts.map(({ name, opened, closed }) =>
        t('blueprints.radius.opened', { name: name[locale], opened, closed }),
      ),
    },
    {
      title: t('blueprints.radius.leads'),
      lines: [
        ...(leads.moved > 0 ? [t('blueprints.radius.scores', leads)] : []),
        ...stages.map(({ name, entered }) => t('blueprints.radius.stage', { name: name[locale], entered })),
      ],
    },
    {
      title: t('blueprints.radius.flows'),
      lines: flows.map(({ name, matching, perDay, atLeast, samples }) =>
        t(atLeast ? 'blueprints.radius.flowAtLeast' : 'blueprints.radius.flow', {
          name: name[locale],
          count: matching,
          perDay,
          names: listed(
            samples.map(each => each.name),
            matching,
          ),
        }),
      ),
      note: t('blueprints.radius.flowNote'),
    },
  ].filter(({ lines }) => lines.length > 0)
  const isQuiet = health.moves.length === 0 && health.largest.length === 0 && groups.length === 0
  return (
    <Section title={t('blueprints.radius')} note={t(isQuiet ? 'blueprints.radius.none' : 'blueprints.radius.note')}>
      {!isQuiet && (
        <div className="b-radius">
          <div>
            <h3>{t('blueprints.radius.health')}</h3>
            {(['before', 'after'] as const).map(when => (
              <div key={when} className="b-bar">
                <span>{t(`blueprints.${when}`)}</span>
                <ColourBar counts={health[when]} label={t(`blueprints.${when}`)} />
                <span className="b-counts">
                  {colours.map(colour => (
                    <span key={colour}>
                      {t(`kit.health.${colour}`)} {format.number(health[when][colour] ?? 0)}
                    </span>
                  ))}
                </span>
              </div>
            ))}
            <ul>
              {health.moves.map(({ from, to, customers }) => (
                <li key={`${from} ${to}`}>
                  {t('blueprints.radius.move', { from: colourName(from), to: colourName(to), count: customers })}
                </li>
              ))}
            </ul>
          </div>
          {groups.map(({ title, lines, note }) => (
            <div key={title}>
              <h3>{title}</h3>
              <ul>
                {lines.map(line => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
              {note && <p className="b-counts">{note}</p>}
            </div>
          ))}
          {health.largest.length > 0 && (
            <details className="b-largest">
              <summary>{t('blueprints.radius.largest', { count: health.largest.length })}</summary>
              <ul>
                {health.largest.map(({ id, name, from, to }) => (
                  <li key={id}>
                    <Link to="/customers/$id" params={{ id }}>
                      {name}
                    </Link>{' '}
                    <span className="k-number">
                      {from === null ? '–' : format.number(Math.round(from))} →{' '}
                      {to === null ? '–' : format.number(Math.round(to))}
                    </span>
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
      )}
    </Section>
  )
}
