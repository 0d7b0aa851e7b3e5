import { useState } from 'react'
import {
  type ChannelKind,
  type ChannelTarget,
  channelKinds,
  createChannel,
  type listChannels,
  updateChannel,
} from '../../../../server/engage/notices/contract/channels.ts'
import { severities, topics } from '../../../../server/engage/notices/contract/shapes.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useCommand } from '../../../api/hooks.ts'
import { useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { CopyOnce } from '../../../kit/copy-once.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { Checkbox, Field, Select, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { TargetFields } from './target-fields.tsx'

type Channel = RouteReply<typeof listChannels>['items'][number]

interface ChannelDialogProps {
  channel: Channel | undefined
  onClose: () => void
}

/** Makes or changes a channel; a secret that was made is shown this one time. */
export function ChannelDialog({ channel, onClose }: ChannelDialogProps) {
  const t = useText()
  const [made, setMade] = useState<{ name: string; secret: string }>()
  if (!made) return <ChannelForm channel={channel} onClose={onClose} onSecret={setMade} />
  return (
    <Dialog
      key="made"
      open
      onClose={onClose}
      title={t('notices.secretTitle', { name: made.name })}
      foot={
        <Button kind="primary" onClick={onClose}>
          {t('notices.kept')}
        </Button>
      }
    >
      <CopyOnce label={t('notices.secret')} value={made.secret} />
    </Dialog>
  )
}

interface ChannelFormProps extends ChannelDialogProps {
  onSecret: (made: { name: string; secret: string }) => void
}

function ChannelForm({ channel, onClose, onSecret }: ChannelFormProps) {
  const t = useText()
  const [kind, setKind] = useState<ChannelKind>(channel?.kind ?? 'slack')
  const [replaces, setReplaces] = useState(channel === undefined)
  const create = useCommand(createChannel, { quiet: true })
  const update = useCommand(updateChannel, { quiet: true })
  return (
    <Dialog
      key="form"
      open
      onClose={onClose}
      title={channel ? t('notices.editTitle', { name: channel.name }) : t('notices.newChannel')}
    >
      <Form
        submit={t(channel ? 'notices.save' : 'notices.create')}
        onCancel={onClose}
        onSubmit={async values => {
          const name = values.text('name')
          const chosen = values.list('topics')
          const body = {
            name,
            topics: topics.filter(topic => chosen.includes(topic)),
            severity: severities.find(each => each === values.text('severity')) ?? 'low',
          }
          const target = replaces ? targetOf(kind, field => values.text(field)) : undefined
          const reply = channel
            ? await update.run({ params: { id: channel.id }, body: { ...body, ...(target && { target }) } })
            : await create.run({ body: { ...body, target: target!, key: values.optional('key') } })
          toastDone(t(channel ? 'notices.saved' : 'notices.created'))
          if (reply.secret) onSecret({ name, secret: reply.secret })
          else onClose()
        }}
      >
        <Field label={t('notices.name')} name="name" required>
          <TextInput maxLength={80} autoComplete="off" defaultValue={channel?.name} />
        </Field>
        {!channel && (
          <>
            <Field label={t('notices.key')} name="key" hint={t('notices.keyHint')}>
              <TextInput maxLength={61} autoComplete="off" spellCheck={false} pattern="[a-z0-9][a-z0-9_\-]{0,60}" />
            </Field>
            <Field label={t('notices.kind')} name="kind" required hint={t(`notices.kindHint.${kind}`)}>
              <Select
                value={kind}
                options={channelKinds.map(value => ({ value, label: t(`notices.kind.${value}`) }))}
                onChange={event => setKind(channelKinds.find(each => each === event.currentTarget.value) ?? kind)}
              />
            </Field>
          </>
        )}
        {channel && (
          <Checkbox
            label={t('notices.replace')}
            hint={t('notices.replaceHint')}
            checked={replaces}
            onChange={event => setReplaces(event.currentTarget.checked)}
          />
        )}
        {replaces && <TargetFields kind={kind} />}
        {channel?.interactionPath && (
          <Field label={t('notices.requestUrl')} hint={t('notices.requestUrlHint')}>
            <TextInput readOnly value={`${location.origin}${channel.interactionPath}`} />
          </Field>
        )}
        <fieldset>
          <legend className="k-label">{t('notices.topics')}</legend>
          <div className="n-topics">
            {topics.map(topic => (
              <Checkbox
                key={topic}
                name="topics"
                value={topic}
                label={t(`notices.topic.${topic}`)}
                defaultChecked={channel?.topics.includes(topic)}
              />
            ))}
          </div>
          <p className="k-hint">{t('notices.topicsHint')}</p>
        </fieldset>
        <Field label={t('notices.least')} name="severity" required>
          <Select
            defaultValue={channel?.severity ?? 'high'}
            options={severities.map(value => ({ value, label: t(`notices.severity.${value}`) }))}
          />
        </Field>
      </Form>
    </Dialog>
  )
}

function targetOf(kind: ChannelKind, text: (field: string) => string): ChannelTarget {
  const secret = text('target.secret')
  const url = text('target.url')
  switch (kind) {
    case 'slack':
    case 'teams':
      return { kind, url }
    case 'slack_api': {
      const apiUrl = text('target.apiUrl')
      const signingSecret = text('target.signingSecret')
      const optional = { ...(signingSecret && { signingSecret }), ...(apiUrl && { apiUrl }) }
      return { kind, token: text('target.token'), channel: text('target.channel'), ...optional }
    }
    case 'webhook':
      return { kind, url, ...(secret && { secret }) }
    case 'sms': {
      const numbers = text('target.numbers')
        .split(/[\n,]/)
        .map(number => number.replace(/[\s()-]/g, ''))
        .filter(Boolean)
      return { kind, url, numbers, ...(secret && { secret }) }
    }
  }
}
