import { Link } from '@tanstack/react-router'
import { type ChannelKind, listChannels } from '../../../../server/engage/notices/contract/channels.ts'
import { useRoute } from '../../../api/hooks.ts'
import { useMay } from '../../../api/session.tsx'
import { useText } from '../../../i18n/provider.tsx'
import { Checkbox } from '../../../kit/field.tsx'
import './alert-rules.css'

interface ChannelsProps {
  chosen: readonly string[]
  /** Only channels of this kind. */
  kind?: ChannelKind
  onChange: (chosen: string[]) => void
}

/** Channels to choose from, with those that are gone. */
export function Channels({ chosen, kind, onChange }: ChannelsProps) {
  const t = useText()
  const mayManage = useMay('channels.manage')
  const known = (useRoute(listChannels).data?.items ?? []).filter(each => kind === undefined || each.kind === kind)
  const missing = chosen.filter(key => !known.some(channel => channel.key === key))
  const lines = [
    ...known.map(({ key, name }) => ({ key, label: name })),
    ...missing.map(key => ({ key, label: t('rules.missingChannel', { key }) })),
  ]
  return (
    <fieldset>
      <legend className="k-label">{t('rules.channels')}</legend>
      {lines.length === 0 && (
        <p className="text-t3">
          {t('rules.noChannels')}{' '}
          {mayManage && (
            <Link to="/settings/channels" className="k-link">
              {t('rules.setChannels')}
            </Link>
          )}
        </p>
      )}
      <div className="l-channels">
        {lines.map(({ key, label }) => (
          <Checkbox
            key={key}
            label={label}
            checked={chosen.includes(key)}
            onChange={() => onChange(chosen.includes(key) ? chosen.filter(each => each !== key) : [...chosen, key])}
          />
        ))}
      </div>
    </fieldset>
  )
}
