import { useState } from "react";
import { Button, DropZone, FileTrigger, ProgressBar, Text, isFileDropItem } from "react-aria-components";
import { api, body } from "../api/client";
import { Fault, asFault } from "../api/fault";
import { Icon } from "../parts/Icon";
import { FaultMessage } from "../parts/Message";

const ACCEPTED = [".pdf", ".docx", ".md", ".txt", ".html", ".htm"];
const LOOK_EVERY_MS = 500;

interface Upload {
  key: number;
  name: string;
  progress: number;
  step: "sending" | "reading" | "done" | "failed";
  fault: Fault | null;
  /** Known once the server has taken the file. */
  jobId: string | null;
}

let nextKey = 1;

/** Drop documents here or choose them; each shows its progress until it can be searched. */
export function Uploads({ onAdded }: { onAdded: () => void }) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const change = (key: number, parts: Partial<Upload>) =>
    setUploads((was) => was.map((u) => (u.key === key ? { ...u, ...parts } : u)));

  const remove = (key: number) => setUploads((was) => was.filter((u) => u.key !== key));

  const add = (files: File[]) => {
    for (const file of files) {
      const key = nextKey++;
      setUploads((was) => [
        ...was.filter((u) => u.step !== "done"),
        { key, name: file.name, progress: 0, step: "sending", fault: null, jobId: null },
      ]);
      upload(file, (jobId, progress) => change(key, { jobId, progress, step: "reading" }))
        .then((added) => {
          if (added) change(key, { step: "done", progress: 1 });
          else remove(key);
          onAdded();
        })
        .catch((thrown: unknown) => change(key, { step: "failed", fault: asFault(thrown) }));
    }
  };

  return (
    <section className="uploads" aria-label="Add documents">
      <DropZone
        className="drop"
        aria-label="Drop documents here"
        onDrop={({ items }) => void Promise.all(items.filter(isFileDropItem).map((item) => item.getFile())).then(add)}
      >
        <Icon name="upload" size={24} />
        <Text slot="label">Drop documents here, or</Text>
        <FileTrigger allowsMultiple acceptedFileTypes={ACCEPTED} onSelect={(files) => add([...(files ?? [])])}>
          <Button className="button button-primary">Choose files</Button>
        </FileTrigger>
        <span className="quiet">PDF, Word, Markdown, HTML or text</span>
      </DropZone>
      {uploads.map((upload) => (
        <div key={upload.key} className="upload">
          {upload.step === "failed" && upload.fault ? (
            <FaultMessage
              fault={
                new Fault(upload.fault.code, `${upload.name}: ${upload.fault.sentence}`, {
                  remedy: upload.fault.remedy,
                })
              }
              onDismiss={() => remove(upload.key)}
            />
          ) : (
            <Progress upload={upload} />
          )}
        </div>
      ))}
    </section>
  );
}

function Progress({ upload }: { upload: Upload }) {
  const { name, step, progress, jobId } = upload;
  return (
    <div className="progress-row">
      <ProgressBar
        className="progress"
        aria-label={name}
        value={Math.round(progress * 100)}
        isIndeterminate={step === "sending"}
        valueLabel={said(upload)}
      >
        {({ valueText }) => (
          <>
            <span className="progress-name">{name}</span>
            <span className="quiet" role="status">
              {valueText}
            </span>
            <progress
              className="progress-bar"
              max={1}
              aria-hidden="true"
              {...(step === "sending" ? {} : { value: progress })}
            />
          </>
        )}
      </ProgressBar>
      {step === "reading" && jobId !== null && <Cancel jobId={jobId} name={name} />}
    </div>
  );
}

/** The list learns from the job itself that it was given up. */
function Cancel({ jobId, name }: { jobId: string; name: string }) {
  const cancel = () => {
    api.DELETE("/api/library/jobs/{job_id}", { params: { path: { job_id: jobId } } }).catch(() => undefined);
  };
  return (
    <Button className="button button-bare" aria-label={`Cancel ${name}`} onPress={cancel}>
      <Icon name="close" size={18} />
    </Button>
  );
}

function said({ step, progress }: Upload): string {
  if (step === "sending") return "Sending…";
  return step === "done" ? "In the library" : `Reading, ${Math.round(progress * 100)} %`;
}

/** Send one file and follow its job to the end. False: it was cancelled. Throws the job's fault. */
async function upload(file: File, onProgress: (jobId: string, progress: number) => void): Promise<boolean> {
  const form = new FormData();
  form.append("file", file);
  const { job_id } = await body(
    // The generated type of a file part is a string; the browser sends the form as it is.
    api.POST("/api/library/documents", { body: form as never, bodySerializer: () => form }),
  );
  for (;;) {
    const job = await body(api.GET("/api/library/jobs/{job_id}", { params: { path: { job_id } } }));
    onProgress(job_id, job.progress);
    if (job.state === "done") return true;
    if (job.state === "cancelled") return false;
    if (job.state === "failed") {
      throw new Fault(job.fault?.code ?? "job.failed", job.fault?.sentence ?? "This document could not be added.", {
        remedy: job.fault?.remedy ?? "Try again.",
      });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
