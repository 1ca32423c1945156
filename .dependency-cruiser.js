/** Rules for imports between the parts of the repository. Type-only imports count. `npm run order` checks them. */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      // Files of a cycle can only be read, tested and moved together.
      comment: "Move what both files need into a third file that imports neither.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "infra-without-tools",
      // The definition deploys with `npx cdktf deploy` alone; the tools are a convenience on top of it.
      comment: "Move the code into infra/ and let the tool import it from there.",
      severity: "error",
      from: { path: "^infra/" },
      to: { path: "^tools/" },
    },
    {
      name: "infra-without-apps",
      // An app reaches a deployed pipeline as an image: synth bundles its files and does not run them.
      comment: "Read the app's files by path, as infra/images does, or move what both need to infra/model.",
      severity: "error",
      from: { path: "^infra/" },
      to: { path: "^apps/" },
    },
    {
      name: "apps-stand-alone",
      // An app is configured by its environment and its files; its image carries nothing of the definition.
      comment: "Pass the value as an environment variable or a file; what both need belongs in infra/model.",
      severity: "error",
      from: { path: "^apps/" },
      to: { path: "^(infra|tools)/", pathNot: "^infra/model/" },
    },
    {
      name: "model-is-pure",
      // Apps import infra/model, so whatever it imports is bundled into their images.
      comment: "Keep constructs and Terraform outside infra/model: let infra/ derive them from the model.",
      severity: "error",
      from: { path: "^infra/model/" },
      to: { path: "^(infra|tools|apps)/|(^|/)(cdktf|constructs|@cdktf)(/|$)", pathNot: "^infra/model/" },
    },
    {
      name: "apps-as-packages",
      // A package names in `exports` what others may use of it; a path reaches everything.
      comment: 'Import it as "@pipeline/APP/MODULE" and list the module under `exports` of the app.',
      severity: "error",
      from: { path: "^(main\\.ts|tools|examples|__tests__)" },
      to: { path: "^apps/", dependencyTypesNot: ["aliased-workspace"] },
    },
    {
      name: "app-dependencies-declared",
      // An app is one package: its package.json says what its bundle holds. Tests use the repository's own tools too.
      comment:
        "Add the package to `dependencies` in the app's package.json, at the version that others name.",
      severity: "error",
      from: { path: "^apps/[^/]+/(src|web)/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "imports-exist",
      // The rules above judge by the file that an import leads to.
      comment: "Correct the path, or add the package to package.json.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(cdktf\\.out|\\.build|\\.cache|coverage)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "types", "default"],
    },
  },
};
