import { useMemo, useState } from 'react'
import { updateMe } from '../../../../server/platform/identity/contract/account.ts'
import { useCommand } from '../../../api/hooks.ts'
import { useSession } from '../../../api/session.tsx'
import { densities, prefer, themes, usePreferences } from '../../../frame/preferences.ts'
import { locales } from '../../../i18n/locale.ts'
import { useLocale, useText } from '../../../i18n/provider.tsx'
import { Segments } from '../../../kit/button.tsx'
import { Field, Select, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { Section } from '../../../kit/layout.tsx'
import { SearchSelect } from '../../../kit/search-select.tsx'
import { timeZoneOptions } from '../../../kit/time-zones.ts'
import { toastDone } from '../../../kit/toast.tsx'
import { SettingsScreen } from '../layout.tsx'

export function ProfilePage() {
  const t = useText()
  return (
    <SettingsScreen title={t('profile.title')}>
      <Section title={t('profile.about')}>
        <ProfileForm />
      </Section>
      <Section title={t('profile.view')} note={t('profile.viewNote')}>
        <ViewChoices />
      </Section>
    </SettingsScreen>
  )
}

function ProfileForm() {
  const t = useText()
  const { locale, setLocale } = useLocale()
  const { user, tenant } = useSession()
  const [zone, setZone] = useState(user.timeZone)
  const zones = useMemo(() => timeZoneOptions(locale, user.timeZone), [locale, user.timeZone])
  const save = useCommand(updateMe, { quiet: true, stale: ['/api/v1/session', '/api/v1/members'] })
  return (
    <div className="s-form">
      <Form
        submit={t('settings.save')}
        onSubmit={async values => {
          const chosen = locales.find(each => each === values.text('locale')) ?? locale
          await save.run({ body: { name: values.text('name'), locale: chosen, timeZone: zone } })
          if (chosen !== locale) await setLocale(chosen)
          toastDone(t('settings.saved'))
        }}
      >
        <Field label={t('profile.name')} name="name" required>
          <TextInput autoComplete="name" maxLength={120} defaultValue={user.name} />
        </Field>
        <Field label={t('profile.email')} hint={t('profile.emailHint')}>
          <TextInput type="email" value={user.email} readOnly />
        </Field>
        <Field label={t('profile.language')} name="locale" required hint={t('profile.languageHint')}>
          <Select
            key={locale}
            defaultValue={locale}
            options={locales.map(value => ({ value, label: t(`frame.language.${value}`) }))}
          />
        </Field>
        <Field
          label={t('profile.zone')}
          name="timeZone"
          required
          hint={t('profile.zoneHint', { zone: tenant.timeZone })}
        >
          <SearchSelect
            label={t('profile.zone')}
            options={zones}
            value={zone}
            onChange={setZone}
            placeholder={t('profile.zone.search')}
            none={t('profile.zone.none')}
          />
        </Field>
      </Form>
    </div>
  )
}

/** Takes effect at once. */
function ViewChoices() {
  const t = useText()
  const { theme, density } = usePreferences()
  return (
    <div className="grid gap-5 justify-items-start">
      <div>
        <p className="k-label">{t('frame.theme.label')}</p>
        <Segments
          label={t('frame.theme.label')}
          value={theme}
          options={themes.map(value => ({ value, label: t(`frame.theme.${value}`) }))}
          onChange={next => prefer({ theme: next })}
        />
      </div>
      <div>
        <p className="k-label">{t('frame.density.label')}</p>
        <Segments
          label={t('frame.density.label')}
          value={density}
          options={densities.map(value => ({ value, label: t(`frame.density.${value}`) }))}
          onChange={next => prefer({ density: next })}
        />
      </div>
    </div>
  )
}
