// Connecting an account, one stage after the other.

import { paragon } from "paragon-connect-wasm";
import { useState } from "react";

import { Failure, Form } from "./form.jsx";
import { INTEGRATION } from "./session.js";

export function Install({ onInstalled }) {
  const [stage, setStage] = useState();
  const [error, setError] = useState();
  const [installed, setInstalled] = useState();
  const flow = paragon.installFlow;

  const start = () => {
    setError(undefined);
    setInstalled(undefined);
    flow.start(INTEGRATION, {
      allowMultipleCredentials: true,
      oauthTimeout: 120_000,
      onNext: setStage,
      onComplete: (event) => {
        setStage(undefined);
        setInstalled(event.credential.providerData?.organization);
        onInstalled();
      },
      onError: (failure, context) => setError({ ...failure, stage: context?.stage }),
    });
  };
  const cancel = async () => {
    await flow.cancel();
    setStage(undefined);
    setError(undefined);
    onInstalled();
  };
  const choose = (id) => {
    setError(undefined);
    flow.setAccountType(id);
  };
  const submit = (values) => {
    setError(undefined);
    return stage.stage === "preOptions" ? flow.setPreOptions(values) : flow.setPostOptions(values);
  };

  return (
    <section aria-label="Connect">
      <button onClick={start}>Connect an account</button>
      {stage && <Stage stage={stage} onChoose={choose} onSubmit={submit} />}
      {stage && <button onClick={cancel}>Cancel</button>}
      {error && <Failure error={error} />}
      {error?.stage === "oauth" && <button onClick={() => choose(flow.getAccountTypeValue())}>Try again</button>}
      {installed && <p role="status">{installed} is connected</p>}
    </section>
  );
}

function Stage({ stage, onChoose, onSubmit }) {
  switch (stage.stage) {
    case "accountType":
      return stage.options.map(({ id, title, accountDescription }) => (
        <button key={id} onClick={() => onChoose(id)} title={accountDescription}>
          {title}
        </button>
      ));
    case "instruction":
      return <button onClick={stage.finish.onClick}>{stage.finish.label}</button>;
    case "preOptions":
    case "postOptions":
      return <Form key={stage.stage} label="Account" inputs={stage.options} button="Save" onSubmit={onSubmit} />;
    case "oauth":
      return <p>Go on in the other window.</p>;
    default:
      return <p>Nothing is left to do.</p>;
  }
}
