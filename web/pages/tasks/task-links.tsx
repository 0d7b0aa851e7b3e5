import { useState } from 'react'
import { listFlows } from '../../../server/engage/flows/contract/flows.ts'
import { listPlans } from '../../../server/engage/plans/contract.ts'
import { listReviews } from '../../../server/engage/reviews/contract.ts'
import type { TaskLink } from '../../../server/engage/tasks/contract/shapes.ts'
import { useRouteWhen } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { ContactSelect } from '../../features/record/record-select.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Field, Select } from '../../kit/field.tsx'
import { type Option, SearchSelect } from '../../kit/search-select.tsx'
import './tasks.css'

export type NamedLink = TaskLink & { name: string | null }

/** Kinds that a person chooses; the others come with what made the task. */
const chosenKinds = ['contact', 'flow', 'plan', 'review'] as const
type ChosenKind = (typeof chosenKinds)[number]

interface TaskLinksProps {
  links: readonly NamedLink[]
  /** Whose plans and reviews can be chosen; empty: none. */
  customerId: string
  onChange: (links: NamedLink[]) => void
}

/** The records that a task is about, beside its customer: people, flows, plans, reviews. */
export function TaskLinks({ links, customerId, onChange }: TaskLinksProps) {
  const t = useText()
  const mayFlows = useMay('flows.view')
  const [kind, setKind] = useState<ChosenKind>()
  const offered = chosenKinds.filter(each =>
    each === 'flow' ? mayFlows : each === 'contact' ? true : customerId !== '',
  )
  const add = (link: NamedLink) => {
    setKind(undefined)
    if (!links.some(({ id }) => id === link.id)) onChange([...links, link])
  }
  return (
    <fieldset className="t-linked">
      <legend>{t('tasks.links')}</legend>
      {links.length > 0 && (
        <ul className="t-links">
          {links.map(link => {
            const name = link.name ?? t('tasks.gone')
            return (
              <li key={link.id} className="t-linked-line">
                <span>
                  <span className="text-t3">{t(`tasks.link.${link.kind}`)}</span> {name}
                </span>
                <IconButton
                  icon="close"
                  label={t('tasks.linkRemove', { name })}
                  onClick={() => onChange(links.filter(({ id }) => id !== link.id))}
                />
              </li>
            )
          })}
        </ul>
      )}
      {kind ? (
        <div className="t-linked-line">
          <Finder kind={kind} customerId={customerId} onFound={add} />
          <Button size="small" kind="quiet" onClick={() => setKind(undefined)}>
            {t('tasks.linkStop')}
          </Button>
        </div>
      ) : (
        <Select
          aria-label={t('tasks.linkAdd')}
          value=""
          options={[
            { value: '', label: t('tasks.linkAdd') },
            ...offered.map(value => ({ value, label: t(`tasks.link.${value}`) })),
          ]}
          onChange={event => setKind(chosenKinds.find(each => each === event.currentTarget.value))}
        />
      )}
    </fieldset>
  )
}

interface FinderProps {
  kind: ChosenKind
  customerId: string
  onFound: (link: NamedLink) => void
}

function Finder({ kind, customerId, onFound }: FinderProps) {
  const t = useText()
  const options = useOptions(kind, customerId)
  return (
    <Field label={t(`tasks.link.${kind}`)}>
      {kind === 'contact' ? (
        <ContactSelect value={{ id: '', name: '' }} onChange={({ id, name }) => id && onFound({ kind, id, name })} />
      ) : (
        <SearchSelect
          label={t(`tasks.link.${kind}`)}
          options={options}
          value=""
          onChange={id => {
            const found = options.find(({ value }) => value === id)
            if (found) onFound({ kind, id, name: found.label })
          }}
          placeholder={t('tasks.linkFind')}
          none={t('tasks.linkNone')}
        />
      )}
    </Field>
  )
}

function useOptions(kind: ChosenKind, id: string): readonly Option[] {
  const { locale } = useLocale()
  const format = useFormat()
  const flows = useRouteWhen(kind === 'flow', listFlows, { query: {} }).data?.items
  const plans = useRouteWhen(kind === 'plan', listPlans, { params: { id }, query: { limit: 100 } }).data?.items
  const reviews = useRouteWhen(kind === 'review', listReviews, { params: { id }, query: { limit: 100 } }).data?.items
  if (kind === 'flow') return flows?.map(flow => ({ value: flow.id, label: nameOf(flow, locale) })) ?? []
  if (kind === 'plan') return plans?.map(plan => ({ value: plan.id, label: plan.name })) ?? []
  return reviews?.map(review => ({ value: review.id, label: format.day(review.scheduledAt) })) ?? []
}
