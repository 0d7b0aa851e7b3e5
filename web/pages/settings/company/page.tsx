import { useMemo, useState } from 'react'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { getCompany, updateCompany } from '../../../../server/platform/identity/contract/company.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { useMay } from '../../../api/session.tsx'
import { locales } from '../../../i18n/locale.ts'
import { monthName } from '../../../i18n/month-name.ts'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import { Field, Select, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { Pairs, Section } from '../../../kit/layout.tsx'
import { Note } from '../../../kit/note.tsx'
import { SearchSelect } from '../../../kit/search-select.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { timeZoneOptions } from '../../../kit/time-zones.ts'
import { toastDone } from '../../../kit/toast.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'

type Company = RouteReply<typeof getCompany>

const currencies = ['JPY', 'USD'] as const
const months = Array.from({ length: 12 }, (_, at) => at + 1)

export function CompanyPage() {
  const t = useText()
  return (
    <SettingsScreen title={t('company.title')}>
      <Permitted permission="company.read">
        <CompanyBody />
      </Permitted>
    </SettingsScreen>
  )
}

function CompanyBody() {
  const t = useText()
  const mayManage = useMay('company.manage')
  const company = useRoute(getCompany)
  return (
    <Section title={t('company.about')}>
      {company.data ? (
        mayManage ? (
          <CompanyForm company={company.data} />
        ) : (
          <CompanyFacts company={company.data} />
        )
      ) : company.error ? (
        <Note tone="red" alert>
          {wordsOf(company.error, t)}{' '}
          <button type="button" className="k-link" onClick={() => void company.refetch()}>
            {t('kit.table.retry')}
          </button>
        </Note>
      ) : (
        <SkeletonRows rows={6} />
      )}
    </Section>
  )
}

function CompanyForm({ company }: { company: Company }) {
  const t = useText()
  const { locale } = useLocale()
  const [zone, setZone] = useState(company.timeZone)
  const zones = useMemo(() => timeZoneOptions(locale, company.timeZone), [locale, company.timeZone])
  const save = useCommand(updateCompany, { quiet: true, stale: ['/api/v1/company', '/api/v1/session'] })
  return (
    <div className="s-form">
      <Form
        submit={t('settings.save')}
        onSubmit={async values => {
          await save.run({
            body: {
              name: values.text('name'),
              slug: values.text('slug'),
              locale: locales.find(each => each === values.text('locale')) ?? company.locale,
              timeZone: zone,
              currency: currencies.find(each => each === values.text('currency')) ?? company.currency,
              fiscalYearStart: values.number('fiscalYearStart') ?? company.fiscalYearStart,
            },
          })
          toastDone(t('settings.saved'))
        }}
      >
        <Field label={t('account.company')} name="name" required>
          <TextInput autoComplete="organization" maxLength={120} defaultValue={company.name} />
        </Field>
        <Field label={t('company.slug')} name="slug" required hint={t('company.slugHint')}>
          <TextInput
            autoCapitalize="none"
            spellCheck={false}
            minLength={3}
            maxLength={40}
            pattern="[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?"
            defaultValue={company.slug}
          />
        </Field>
        <Field label={t('company.language')} name="locale" required hint={t('company.languageHint')}>
          <Select
            defaultValue={company.locale}
            options={locales.map(value => ({ value, label: t(`frame.language.${value}`) }))}
          />
        </Field>
        <Field label={t('company.zone')} name="timeZone" required hint={t('company.zoneHint')}>
          <SearchSelect
            label={t('company.zone')}
            options={zones}
            value={zone}
            onChange={setZone}
            placeholder={t('profile.zone.search')}
            none={t('profile.zone.none')}
          />
        </Field>
        <Field label={t('company.currency')} name="currency" required hint={t('company.currencyHint')}>
          <Select
            defaultValue={company.currency}
            options={currencies.map(value => ({ value, label: t(`company.currency.${value}`) }))}
          />
        </Field>
        <Field label={t('company.fiscal')} name="fiscalYearStart" required hint={t('company.fiscalHint')}>
          <Select
            defaultValue={company.fiscalYearStart}
            options={months.map(month => ({ value: String(month), label: monthName(month, locale) }))}
          />
        </Field>
      </Form>
    </div>
  )
}

function CompanyFacts({ company }: { company: Company }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  return (
    <div className="grid gap-5">
      <Note>{t('company.readOnly')}</Note>
      <Pairs
        align="start"
        pairs={[
          [t('account.company'), company.name],
          [t('company.slug'), company.slug],
          [t('company.language'), t(`frame.language.${company.locale}`)],
          [t('company.zone'), company.timeZone.replaceAll('_', ' ')],
          [t('company.currency'), t(`company.currency.${company.currency}`)],
          [t('company.fiscal'), monthName(company.fiscalYearStart, locale)],
          [t('company.since'), format.day(company.createdAt)],
        ]}
      />
    </div>
  )
}
