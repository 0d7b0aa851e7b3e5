import { useState } from 'react'
import {
  changeInAppSource,
  type InAppMode,
  inAppModes,
  listInAppSources,
  revealInAppSecret,
} from '../../../server/engage/in-app/contract/sources.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { CopyOnce } from '../../kit/copy-once.tsx'
import { Field, Select } from '../../kit/field.tsx'

/** Which sources show messages: to users whom the product has signed, to any, or not at all. */
export function SourceModes() {
  const t = useText()
  const mayManage = useMay('sources.manage')
  const { data } = useRoute(listInAppSources)
  const [secret, setSecret] = useState<{ id: string; text: string }>()
  const stale = [listInAppSources.path]
  const change = useCommand(changeInAppSource, { stale })
  const reveal = useCommand(revealInAppSecret, { stale: [] })
  if (!data) return null
  return (
    <section className="ia-sources" aria-labelledby="in-app-sources">
      <h2 id="in-app-sources">{t('inApp.sources')}</h2>
      <p className="text-t2">{t('inApp.sourcesText')}</p>
      {data.items.length === 0 && <p className="text-t3">{t('inApp.noSources')}</p>}
      <ul>
        {data.items.map(({ id, name, mode }) => (
          <li key={id}>
            <Field label={name}>
              <Select
                value={mode}
                disabled={!mayManage || change.pending}
                onChange={event =>
                  void change.run({ params: { id }, body: { mode: event.currentTarget.value as InAppMode } })
                }
                options={inAppModes.map(value => ({ value, label: t(`inApp.mode.${value}`) }))}
              />
            </Field>
            {mayManage && mode !== 'off' && (
              <Button
                pending={reveal.pending}
                onClick={async () => {
                  const { secret: text } = await reveal.run({ params: { id }, body: {} })
                  setSecret({ id, text })
                }}
              >
                {t('inApp.secret')}
              </Button>
            )}
            {secret?.id === id && <CopyOnce label={t('inApp.secret')} value={secret.text} />}
          </li>
        ))}
      </ul>
    </section>
  )
}
