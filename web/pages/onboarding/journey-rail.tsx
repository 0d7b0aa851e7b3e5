import { useState } from 'react'
import { createJourneyLink, revokeJourneyLink } from '../../../server/engage/onboarding/contract/customer-page.ts'
import { journeyStates, type WholeJourney } from '../../../server/engage/onboarding/contract/journeys.ts'
import { useCommand } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { CopyOnce } from '../../kit/copy-once.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Pairs, Section } from '../../kit/layout.tsx'
import { Met } from './look.tsx'

interface JourneyRailProps {
  journey: WholeJourney
  stale: readonly string[]
}

/** Beside the tasks: measures, people, warnings, what is shared with the customer, history. */
export function JourneyRail({ journey, stale }: JourneyRailProps) {
  const t = useText()
  const { locale } = useLocale()
  const format = useFormat()
  const [making, setMaking] = useState(false)
  const revoke = useCommand(revokeJourneyLink, { stale })
  const aboutWords = (about: { ja: string; en: string }) => {
    const state = journeyStates.find(each => each === about.en)
    return state ? t(`onboarding.state.${state}`) : about[locale]
  }
  const isOpen = journey.status === 'running' || journey.status === 'paused'
  const people = [
    [t('onboarding.role.owner'), journey.ownerName ?? t('onboarding.noOwner')] as const,
    ...journey.people.map(({ role, name }) => [t(`onboarding.role.${role}`), name] as const),
  ]
  return (
    <>
      {journey.measures.length > 0 && (
        <Section title={t('onboarding.measures')}>
          <ul className="ob-aside">
            {journey.measures.map(measure => (
              <li key={measure.key}>
                {measure.name[locale]} <Met met={measure.met} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('onboarding.people')}>
        <Pairs pairs={people} />
      </Section>
      {journey.warnings.length > 0 && (
        <Section title={t('onboarding.warnings')}>
          <ul className="ob-aside" data-stacked>
            {journey.warnings.map(warning => (
              <li key={warning.key}>
                {warning.name[locale]} <span className="text-t2">{format.dateTime(warning.warnedAt)}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {journey.mayChange && isOpen && (
        <Section
          title={t('onboarding.links')}
          end={
            <Button size="small" icon="plus" onClick={() => setMaking(true)}>
              {t('onboarding.newLink')}
            </Button>
          }
        >
          <p className="text-t2">{t('onboarding.linksText')}</p>
          <ul className="ob-aside">
            {journey.links.map(link => (
              <li key={link.id}>
                <span>
                  {t('onboarding.expires', { day: format.day(link.expiresAt) })}
                  {link.email && ` · ${t('onboarding.withCode')}`}
                </span>
                <Button
                  size="small"
                  kind="quiet"
                  onClick={() => void revoke.run({ params: { id: link.id } }).catch(() => {})}
                >
                  {t('onboarding.revoke')}
                </Button>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('onboarding.history')}>
        <ul className="ob-aside" data-stacked>
          {journey.steps.map(step => (
            <li key={step.id}>
              <span>
                {t(`onboarding.step.${step.kind}` as 'onboarding.step.started')}
                {step.about && ` · ${aboutWords(step.about)}`}
                {step.note && ` · ${step.note}`}
              </span>
              <span className="text-t2">
                {step.actorName ? `${step.actorName} · ` : ''}
                {format.dateTime(step.at)}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      {making && <LinkDialog journeyId={journey.id} stale={stale} onClose={() => setMaking(false)} />}
    </>
  )
}

function LinkDialog({
  journeyId,
  stale,
  onClose,
}: {
  journeyId: string
  stale: readonly string[]
  onClose: () => void
}) {
  const t = useText()
  const [address, setAddress] = useState<string>()
  const create = useCommand(createJourneyLink, { stale, quiet: true })
  return (
    <Dialog open onClose={onClose} title={t('onboarding.newLink')} text={t('onboarding.linksText')}>
      {address ? (
        <CopyOnce label={t('onboarding.linkReady')} value={address} />
      ) : (
        <Form
          submit={t('onboarding.newLink')}
          onCancel={onClose}
          onSubmit={async values => {
            const body = { days: Number(values.text('days')), email: values.text('email') || null }
            setAddress((await create.run({ params: { id: journeyId }, body })).address)
          }}
        >
          <Field label={t('onboarding.linkDays')} name="days" required>
            <TextInput type="number" min={1} max={180} defaultValue={90} />
          </Field>
          <Field label={t('onboarding.linkEmail')} name="email" hint={t('onboarding.linkEmailHint')}>
            <TextInput type="email" maxLength={254} />
          </Field>
        </Form>
      )}
    </Dialog>
  )
}
