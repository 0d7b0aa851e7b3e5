import { useState } from 'react'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Avatar, Badge } from '../../kit/badge.tsx'
import { Button, IconButton, Segments } from '../../kit/button.tsx'
import { Health, type HealthBand } from '../../kit/health.tsx'
import { Icon, iconNames } from '../../kit/icon.tsx'
import { Keys } from '../../kit/kbd.tsx'
import { Facts, Pairs, Section } from '../../kit/layout.tsx'
import { owners } from './samples.ts'

export function TypePart() {
  const t = useText()
  return (
    <Section title={t('gallery.type')}>
      <div className="grid gap-3">
        <p className="text-24 font-head k-number">¥38,400,000</p>
        <p className="text-18 font-head">{t('gallery.type.sample')}</p>
        <p className="text-15 font-head">{t('gallery.type.sample')}</p>
        <p className="text-13">{t('gallery.type.sample')}</p>
        <p className="text-12 text-t2">{t('gallery.type.sample')}</p>
        <p className="text-11 text-t3">{t('gallery.type.sample')}</p>
      </div>
    </Section>
  )
}

const colours = [
  'ground',
  'sunken',
  'hover',
  'active',
  'line',
  'line-2',
  'line-3',
  'text-3',
  'text-2',
  'text',
  'accent-soft',
  'accent',
]
const series = ['green', 'yellow', 'orange', 'red', 'c-1', 'c-2', 'c-3', 'c-4', 'c-5', 'c-6', 'c-mute', 'c-mute-2']

export function ColourPart() {
  const t = useText()
  return (
    <Section title={t('gallery.colours')}>
      <ul className="g-swatches">
        {[...colours, ...series].map(name => (
          <li key={name}>
            <span style={{ background: `var(--${name})` }} />
            <code className="k-mono text-t2">{name}</code>
          </li>
        ))}
      </ul>
    </Section>
  )
}

const scores: [number | null, HealthBand, number | undefined][] = [
  [100, 'green', 0],
  [92, 'green', 12],
  [71, 'yellow', -4],
  [47, 'orange', -12],
  [31, 'red', -21],
  [0, 'red', -3],
  [86, 'green', undefined],
  [null, 'none', undefined],
]

export function HealthPart() {
  const t = useText()
  return (
    <Section title={t('gallery.health')} note={t('gallery.health.note')}>
      <ul className="g-grid">
        {scores.map(([score, band, change]) => (
          <li key={`${score}`}>
            <Health score={score} band={band} change={change} aligned />
          </li>
        ))}
      </ul>
    </Section>
  )
}

export function ButtonPart() {
  const t = useText()
  const [period, setPeriod] = useState('90')
  const periods = [
    { value: '30', label: t('gallery.period.days', { count: 30 }) },
    { value: '90', label: t('gallery.period.days', { count: 90 }) },
    { value: '365', label: t('gallery.period.year') },
  ]
  return (
    <Section title={t('gallery.buttons')}>
      <div className="g-row">
        <Button kind="primary">{t('gallery.save')}</Button>
        <Button icon="download">{t('gallery.import')}</Button>
        <Button kind="quiet">{t('kit.cancel')}</Button>
        <Button kind="dashed" icon="plus">
          {t('gallery.add')}
        </Button>
        <Button kind="danger">{t('gallery.delete')}</Button>
        <Button kind="destroy">{t('gallery.deleteCount', { count: 12 })}</Button>
        <Button disabled>{t('gallery.publish')}</Button>
        <Button pending>{t('gallery.saving')}</Button>
        <IconButton icon="more" label={t('kit.more')} kind="normal" size="normal" />
      </div>
      <div className="g-row mt-4">
        <Button size="small" icon="plus">
          {t('gallery.import')}
        </Button>
        <IconButton icon="more" label={t('kit.more')} />
        <Segments label={t('gallery.period')} options={periods} value={period} onChange={setPeriod} />
        <Segments label={t('gallery.period')} options={periods} value={period} onChange={setPeriod} size="small" />
        <Keys keys="mod+k" />
        <Keys keys="g h" />
      </div>
      <p className="text-12 text-t3 mt-3">{t('gallery.buttons.note')}</p>
    </Section>
  )
}

export function BadgePart() {
  const t = useText()
  return (
    <Section title={t('gallery.badges')}>
      <div className="g-row">
        <Badge>{t('gallery.draft')}</Badge>
        <Badge tone="line">Enterprise</Badge>
        <Badge tone="green" icon="check">
          {t('gallery.enabled')}
        </Badge>
        <Badge tone="yellow" icon="alert">
          {t('gallery.warning')}
        </Badge>
        <Badge tone="orange" icon="alert">
          {t('gallery.warning')}
        </Badge>
        <Badge tone="red" icon="close">
          {t('gallery.stopped')}
        </Badge>
        <Badge tone="accent">{t('gallery.waiting')}</Badge>
      </div>
      <ul className="g-row mt-4">
        {owners.map(name => (
          <li className="g-row" key={name}>
            <Avatar name={name} /> {name}
          </li>
        ))}
        <li className="g-row">
          <Avatar name={owners[0] ?? ''} size="large" /> {owners[0]}
        </li>
      </ul>
    </Section>
  )
}

export function FactPart() {
  const t = useText()
  const format = useFormat()
  return (
    <Section title={t('gallery.facts')}>
      <Facts
        facts={[
          { label: t('gallery.arr'), value: format.shortMoney(1_285_000_000, 'JPY') },
          { label: t('gallery.renewal'), value: format.day('2026-12-15'), small: format.relative('2026-12-15') },
          { label: t('gallery.health'), value: <Health score={47} band="orange" change={-12} /> },
          { label: t('gallery.health.trend'), value: <Health score={71} band="yellow" trend="down" /> },
        ]}
      />
      <div className="mt-5">
        <Pairs
          pairs={[
            [t('gallery.owner'), owners[0]],
            [t('gallery.contact'), format.dateTime('2026-11-19T21:04:00Z')],
            [t('gallery.loss'), format.money(31_490_000, 'JPY')],
          ]}
        />
      </div>
    </Section>
  )
}

export function IconPart() {
  const t = useText()
  return (
    <Section title={t('gallery.icons')} note={t('gallery.icons.note')}>
      <ul className="g-icons">
        {iconNames.map(name => (
          <li key={name} title={name}>
            <Icon name={name} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
