// A form out of the inputs that the SDK describes.

import { paragon } from "paragon-connect-wasm";
import { useEffect, useState } from "react";

import { INTEGRATION } from "./session.js";

export function Failure({ error }) {
  return (
    <p role="alert" data-name={error.name} data-code={error.code}>
      {error.message}
    </p>
  );
}

/** The value an input starts with. */
const initial = (input, values) => values[input.id] ?? input.defaultValue ?? (isSwitch(input) ? false : "");
const isSwitch = ({ type }) => type === "BOOLEAN_INPUT" || type === "SWITCH";

/** A form with these inputs; `onSubmit` gets their values by id. */
export function Form({ label, inputs, values = {}, credential, isBusy, button, onSubmit }) {
  const [current, setCurrent] = useState(() => Object.fromEntries(inputs.map((input) => [input.id, initial(input, values)])));
  const submit = (event) => {
    event.preventDefault();
    onSubmit(Object.fromEntries(Object.entries(current).filter(([, value]) => value !== "")));
  };
  return (
    <form aria-label={label} onSubmit={submit}>
      {inputs.map((input) => (
        <label key={input.id}>
          {input.title}{" "}
          <Field input={input} value={current[input.id]} credential={credential} onChange={(value) => setCurrent({ ...current, [input.id]: value })} />
        </label>
      ))}
      <button disabled={isBusy}>{button}</button>
    </form>
  );
}

function Field({ input, value, credential, onChange }) {
  const typed = (event) => onChange(event.target.value);
  if (isSwitch(input)) return <input type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} />;
  if (input.sourceType) return <RemoteSelect sourceKey={input.sourceType} credential={credential} value={value} onChange={onChange} />;
  if (input.values) return <Select options={input.values} value={value} onChange={typed} />;
  const type = input.type === "PASSWORD" ? "password" : "text";
  return <input type={type} required={input.required} placeholder={input.placeholder} value={value} onChange={typed} autoComplete="off" />;
}

function Select({ options, ...rest }) {
  return (
    <select {...rest}>
      <option value="">–</option>
      {options.map(({ label, value }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** A choice out of the user's account; `parameters` are what it depends on. */
export function RemoteSelect({ sourceKey, credential, parameters = {}, value, onChange }) {
  const [options, setOptions] = useState([]);
  const [error, setError] = useState();
  const given = JSON.stringify(parameters);
  useEffect(() => {
    let isCurrent = true;
    setError(undefined);
    load(sourceKey, JSON.parse(given), credential).then(
      (found) => isCurrent && setOptions(found),
      (failure) => isCurrent && setError(failure),
    );
    return () => {
      isCurrent = false;
    };
  }, [sourceKey, given, credential]);
  if (error) return <Failure error={error} />;
  return <Select options={options} value={value} onChange={(event) => onChange(event.target.value)} />;
}

async function load(key, parameters, credential) {
  const source = await paragon.getDataSourceOptions(INTEGRATION, key);
  const { data } = await paragon.getFieldOptions({
    integration: INTEGRATION,
    source,
    parameters: Object.entries(parameters).map(([name, value]) => ({ key: name, source: { type: "VALUE", value } })),
    selectedCredentialId: credential,
  });
  return data;
}
