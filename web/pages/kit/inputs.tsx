import { useState } from 'react'
import { ApiProblem } from '../../api/problem.ts'
import { useText } from '../../i18n/provider.tsx'
import { CopyOnce } from '../../kit/copy-once.tsx'
import { Checkbox, Field, PasswordInput, RadioGroup, Select, Switch, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Section } from '../../kit/layout.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { customers, owners } from './samples.ts'

export function FieldPart() {
  const t = useText()
  const [skips, setSkips] = useState(true)
  return (
    <Section title={t('gallery.fields')}>
      <div className="g-grid">
        <Field label={t('gallery.name')}>
          <TextInput defaultValue={customers[0]?.name} />
        </Field>
        <Field label={t('gallery.owner')}>
          <Select options={owners.map(name => ({ value: name, label: name }))} />
        </Field>
        <Field label={t('gallery.renewal')} hint={t('gallery.renewal.hint')} error={t('gallery.renewal.error')}>
          <TextInput defaultValue="2026/13/02" />
        </Field>
        <Field label={t('gallery.search')}>
          <TextInput type="search" icon="search" placeholder={t('gallery.search.placeholder')} />
        </Field>
        <Field label={t('gallery.password')} hint={t('gallery.password.hint')}>
          <PasswordInput defaultValue="correct horse" autoComplete="off" />
        </Field>
        <Field label={t('gallery.disabled')}>
          <TextInput disabled defaultValue="Kestrel" />
        </Field>
        <Field label={t('gallery.note')}>
          <Textarea defaultValue={t('gallery.merge.text')} />
        </Field>
      </div>
      <div className="k-options mt-5">
        <Checkbox label={t('gallery.on')} defaultChecked />
        <Checkbox label={t('gallery.off')} />
        <Checkbox label={t('gallery.some')} mixed />
        <Checkbox label={t('gallery.disabled')} disabled />
        <Switch label={t('gallery.holidays')} checked={skips} onChange={setSkips} />
        <Switch label={t('gallery.disabled')} checked={false} onChange={() => {}} disabled />
      </div>
      <div className="mt-5">
        <RadioGroup
          label={t('gallery.version')}
          name="version"
          defaultValue="stay"
          options={[
            { value: 'stay', label: t('gallery.version.stay'), hint: t('gallery.version.stayHint') },
            { value: 'move', label: t('gallery.version.move') },
          ]}
        />
      </div>
    </Section>
  )
}

export function FormPart() {
  const t = useText()
  const [attempts, setAttempts] = useState(0)
  const send = async () => {
    await new Promise(resolve => setTimeout(resolve, 600))
    setAttempts(attempts + 1)
    if (attempts > 0) return toastDone(t('gallery.invite'))
    throw new ApiProblem({
      type: 'about:blank',
      title: t('gallery.form.refused'),
      status: 422,
      detail: t('gallery.form.refused'),
      code: 'invalid_input',
      requestId: '',
      errors: [
        { path: 'body.email', message: t('gallery.form.taken') },
        { path: 'body', message: t('gallery.form.whole') },
      ],
    })
  }
  return (
    <Section title={t('gallery.form')} note={t('gallery.form.note')}>
      <Form submit={t('gallery.invite')} onSubmit={send} onCancel={() => {}}>
        <Field label={t('gallery.name')} name="name" required>
          <TextInput autoComplete="off" />
        </Field>
        <Field label={t('gallery.email')} name="email" required>
          <TextInput type="email" autoComplete="off" />
        </Field>
        <Field label={t('gallery.owner')} name="owner">
          <Select placeholder={t('kit.select.none')} options={owners.map(name => ({ value: name, label: name }))} />
        </Field>
      </Form>
    </Section>
  )
}

export function SecretPart() {
  const t = useText()
  return (
    <Section title={t('gallery.secret')}>
      <CopyOnce label={t('gallery.secret.label')} value="kz_live_9tQ2v7LmX4cR8wYb3sFhJ6pNd1aKzE5u" />
    </Section>
  )
}
