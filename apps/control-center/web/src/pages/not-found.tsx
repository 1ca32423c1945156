import { Empty, PageHeader } from "../components/page";

export function NotFoundPage() {
  return (
    <>
      <PageHeader title="No such page" />
      <Empty title="No page has this address">
        <a href="/">Go to the pipeline</a>
      </Empty>
    </>
  );
}
