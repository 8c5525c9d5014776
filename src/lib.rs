//! The SDK's core: what runs in the host app's page, compiled to WebAssembly. This file is what JavaScript gets.
//!
//! | for | see |
//! |---|---|
//! | an instance, and what it is told about its services | [`sdk`], [`environment`], [`services`] |
//! | who is signed in: token, sign-in, metadata, storage | [`session`] |
//! | requests on the wire, calls of the API, `request()` | [`http`], [`api`], [`request`] |
//! | connecting an account: popup, flow, its end | [`connect`], [`install_flow`] |
//! | the portal's frame and its messages | [`portal`] |
//! | integrations, credentials, accounts | [`integrations`], [`credentials`], [`account`] |
//! | settings, workflows, inputs and their options | [`settings`], [`workflows`], [`inputs`], [`sources`] |
//! | JavaScript: values, promises, errors, the host | [`js`], [`promise`], [`error`], [`host`] |
#![expect(
    rustdoc::private_intra_doc_links,
    reason = "those who read about the core work on it"
)]

mod account;
mod api;
mod connect;
mod credentials;
mod environment;
mod error;
mod events;
mod host;
mod http;
mod inputs;
mod install_flow;
mod integrations;
mod js;
mod model;
mod portal;
mod promise;
mod request;
mod sdk;
mod services;
mod session;
mod settings;
mod sources;
mod workflows;

use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

use crate::sdk::Sdk;

/// Half the size of the allocator that the standard library brings.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The types of the contract that apps compile against (`pkg/index.d.ts`).
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"import type {
    AccountType, AuthenticateOptions, AuthenticatedConnectUser, CompleteInstallOptions, ConditionalSource, ConnectParams, ConnectRequestInit, CreateConfigurationOptions, Credential, CredentialConfiguration, CredentialSelection, DataSource, DeleteConfigurationOptions, DynamicFieldMappingLoaderType, EventInfo, FieldOptions, GatewayOptions, GetFieldOptionsRequest, GetIntegrationAccountOptions, GetTriggerTypesResponse, HostOptions, IConnectIntegrationWithCredentialInfo, InputSources, InstallFlowStage, InstallIntegrationOptions, InstallOptions, InstallResult, IntegrationConfig, IntegrationConnectInput, IntentInputKeyConfig, OAuthFlowCallbacks, OAuthFlowOptions, OauthCallbackResponse, OptionsPage, PersonaMeta, Props, RequestOptions, SDK_EVENT, SerializedConnectInput, ServiceUrls, SetDataSourcesConfig, SingleSource, StartOptions, UninstallOptions, UpdateConfigurationOptions, UpdateSettingsResponse, UpdateWorkflowStateResponse, User, WorkflowOptions,
} from "paragon-connect-wasm";"#;

/// One SDK instance, as the package's JavaScript holds it.
#[wasm_bindgen]
pub struct Paragon(Rc<Sdk>);

/// `installFlow` of an instance: connecting an account step by step, with pages of the app's own.
#[wasm_bindgen]
pub struct InstallFlow(Rc<Sdk>);

#[wasm_bindgen]
impl Paragon {
    /// An instance for `environment`: nothing for Paragon's cloud, a host, service URLs, or `{ gateway }`. It signs in from
    /// storage if it `restores` and the app asked for persistence.
    ///
    /// # Errors
    /// For an environment that makes no sense.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(
            unchecked_param_type = "string | ServiceUrls | HostOptions | GatewayOptions | undefined"
        )]
        environment: &JsValue,
        restores: bool,
    ) -> Result<Paragon, JsValue> {
        Ok(Self(Sdk::new(environment, restores)?))
    }

    /// Connecting an account step by step.
    #[wasm_bindgen(getter, js_name = installFlow)]
    pub fn install_flow(&self) -> InstallFlow {
        InstallFlow(Rc::clone(&self.0))
    }

    /// Signs the user in; the same sign-in that is under way already is not begun again.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn authenticate(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string", js_name = projectId)] project_id: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] token: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AuthenticateOptions")] options: &JsValue,
    ) -> Promise {
        self.0.authenticate(project_id, token, options)
    }

    /// Stores `metadata` of the user; gives the user with it.
    #[wasm_bindgen(js_name = setUserMetadata, unchecked_return_type = "Promise<AuthenticatedConnectUser>")]
    pub fn set_user_metadata(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PersonaMeta")] metadata: JsValue,
    ) -> Promise {
        promise::of(Rc::clone(&self.0).set_user_metadata(metadata))
    }

    /// A copy of the user; `{ authenticated: false }` before a sign-in.
    #[wasm_bindgen(js_name = getUser, unchecked_return_type = "User")]
    pub fn get_user(&self) -> JsValue {
        self.0.user()
    }

    /// Forgets the user here and in storage.
    pub fn logout(&self) {
        self.0.logout();
    }

    /// Says where the services are: on a host, or one gateway. The user has to sign in again.
    ///
    /// # Errors
    /// For options that make no sense.
    #[wasm_bindgen(js_name = configureGlobal)]
    pub fn configure_global(
        &self,
        #[wasm_bindgen(unchecked_param_type = "HostOptions | GatewayOptions")] options: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ServiceUrls")] overrides: &JsValue,
    ) -> Result<(), JsValue> {
        Ok(self.0.configure(options, overrides)?)
    }

    /// Version of the protocol.
    #[wasm_bindgen(js_name = getVersion)]
    pub fn get_version(&self) -> String {
        crate::http::PROTOCOL_VERSION.to_owned()
    }

    /// Calls the API of the integration's provider through the proxy, as the user.
    #[wasm_bindgen(unchecked_return_type = "Promise<any>")]
    pub fn request(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] path: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Promise {
        promise::of(Rc::clone(&self.0).request(integration, path, options))
    }

    /// Sends an app event to the workflows that it triggers.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn event(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "unknown")] payload: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CredentialSelection")] options: &JsValue,
    ) -> Promise {
        promise::of_method(self.0.send_event(name, payload, options))
    }

    /// Triggers a workflow; gives what it answers.
    ///
    /// # Errors
    /// Without a workflow, a user, or an account to run it with; what fails later rejects the promise.
    #[wasm_bindgen(unchecked_return_type = "Promise<any>")]
    pub fn workflow(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string", js_name = workflowId)]
        workflow_id: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "WorkflowOptions")] options: &JsValue,
    ) -> Result<Promise, JsValue> {
        Ok(self.0.trigger_workflow(workflow_id, options)?)
    }

    /// Calls `listener` for each event of this name; gives the function that ends that.
    ///
    /// # Errors
    /// For an unknown event, and without a listener.
    #[wasm_bindgen(unchecked_return_type = "() => boolean")]
    pub fn subscribe(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SDK_EVENT")] name: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "(...values: any[]) => unknown")] listener: &JsValue,
    ) -> Result<Function, JsValue> {
        Ok(self.0.subscribe(name, listener)?)
    }

    /// Removes every copy of `listener`; says whether there was one.
    ///
    /// # Errors
    /// For an unknown event, and without a listener.
    pub fn unsubscribe(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SDK_EVENT")] name: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "(...values: any[]) => unknown")] listener: &JsValue,
    ) -> Result<bool, JsValue> {
        Ok(self.0.unsubscribe(name, listener)?)
    }

    /// Connects an account: opens the portal, or the popup of an installation without it. To be called in a click's own task.
    #[wasm_bindgen(unchecked_return_type = "Promise<InstallResult>")]
    pub fn connect(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ConnectParams")] params: &JsValue,
    ) -> Promise {
        promise::begun(self.0.connect(integration, params))
    }

    /// Connects an account without the portal. To be called in a click's own task.
    ///
    /// # Errors
    /// For wrong use; what fails later rejects the promise.
    #[wasm_bindgen(js_name = installIntegration, unchecked_return_type = "Promise<InstallResult>")]
    pub fn install_integration(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "InstallIntegrationOptions")]
        params: &JsValue,
    ) -> Result<Promise, JsValue> {
        Ok(self.0.install_integration(integration, params)?)
    }

    /// Opens the popup, for apps that show their own pages.
    ///
    /// # Errors
    /// For an unknown integration, and when the browser blocks the popup.
    #[wasm_bindgen(js_name = startOAuthFlow)]
    pub fn start_oauth_flow(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "OAuthFlowOptions")] options: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "OAuthFlowCallbacks")] callbacks: &JsValue,
    ) -> Result<(), JsValue> {
        Ok(self.0.start_oauth_flow(integration, options, callbacks)?)
    }

    /// Cancels the flow whose popup is open.
    #[wasm_bindgen(js_name = cancelOAuthFlow)]
    pub fn cancel_oauth_flow(&self) {
        self.0.cancel_flow();
    }

    /// Opens the flow's popup again.
    ///
    /// # Errors
    /// Outside of browsers.
    #[wasm_bindgen(js_name = reopenOAuthFlow)]
    pub fn reopen_oauth_flow(&self) -> Result<(), JsValue> {
        Ok(self.0.reopen_flow()?)
    }

    /// Turns an authorization code that the app got itself into an account.
    #[wasm_bindgen(js_name = completeInstall, unchecked_return_type = "Promise<void>")]
    pub fn complete_install(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: JsValue,
        #[wasm_bindgen(unchecked_param_type = "CompleteInstallOptions")] options: &JsValue,
    ) -> Promise {
        promise::of_method(self.0.complete_install(integration, options))
    }

    /// Disconnects an account.
    #[wasm_bindgen(js_name = uninstallIntegration, unchecked_return_type = "Promise<void>")]
    pub fn uninstall_integration(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "UninstallOptions")] options: &JsValue,
    ) -> Promise {
        promise::of_method(self.0.uninstall_integration(integration, options))
    }

    /// Says that the app shows its own pages instead of the portal.
    #[wasm_bindgen(js_name = setHeadless)]
    pub fn set_headless(
        &self,
        #[wasm_bindgen(unchecked_param_type = "boolean")] headless: &JsValue,
    ) {
        self.0.is_headless.set(headless.is_truthy());
    }

    /// Closes the portal.
    #[wasm_bindgen(js_name = closePortal)]
    pub fn close_portal(&self) {
        self.0.close_portal();
    }

    /// The connected account, with its access token where that is asked for and allowed.
    #[wasm_bindgen(js_name = getIntegrationAccount, unchecked_return_type = "Promise<IConnectIntegrationWithCredentialInfo>")]
    pub fn get_integration_account(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "GetIntegrationAccountOptions")]
        options: &JsValue,
    ) -> Promise {
        promise::of_method(self.0.integration_account(integration, options))
    }

    /// The triggers of an integration.
    #[wasm_bindgen(js_name = getTriggers, unchecked_return_type = "Promise<GetTriggerTypesResponse>")]
    pub fn get_triggers(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "UninstallOptions")] options: &JsValue,
    ) -> Promise {
        promise::of_method(self.0.triggers(integration, options))
    }

    /// Connects to a resource of the project.
    #[wasm_bindgen(js_name = connectAction, unchecked_return_type = "Promise<Credential>")]
    pub fn connect_action(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] resource: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Record<string, unknown>")] payload: &JsValue,
    ) -> Promise {
        promise::of_method(self.0.connect_resource(resource, payload))
    }

    /// Where a user's own webhook calls a workflow.
    #[wasm_bindgen(js_name = getCustomWebhookUserManualUrl, unchecked_return_type = "Promise<string>")]
    pub fn get_custom_webhook_user_manual_url(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string", js_name = workflowId)]
        workflow_id: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string", js_name = credentialId)]
        credential_id: &JsValue,
    ) -> Promise {
        promise::settled(
            self.0
                .webhook_url(workflow_id, credential_id)
                .map(JsValue::from),
        )
    }

    /// Makes a configuration of a credential.
    #[wasm_bindgen(js_name = createConfiguration, unchecked_return_type = "Promise<CredentialConfiguration>")]
    pub fn create_configuration(
        &self,
        #[wasm_bindgen(unchecked_param_type = "CreateConfigurationOptions")] options: &JsValue,
    ) -> Promise {
        promise::of_method(self.0.create_configuration(options))
    }

    /// Changes a configuration.
    #[wasm_bindgen(js_name = updateConfiguration, unchecked_return_type = "Promise<CredentialConfiguration>")]
    pub fn update_configuration(
        &self,
        #[wasm_bindgen(unchecked_param_type = "UpdateConfigurationOptions")] options: &JsValue,
    ) -> Promise {
        promise::of_method(self.0.update_configuration(options))
    }

    /// Removes a configuration.
    #[wasm_bindgen(js_name = destroyConfiguration, unchecked_return_type = "Promise<void>")]
    pub fn destroy_configuration(
        &self,
        #[wasm_bindgen(unchecked_param_type = "DeleteConfigurationOptions")] options: &JsValue,
    ) -> Promise {
        promise::of_method(self.0.destroy_configuration(options))
    }

    /// Changes settings that all workflows of an integration share.
    #[wasm_bindgen(js_name = updateIntegrationUserSettings, unchecked_return_type = "Promise<UpdateSettingsResponse>")]
    pub fn update_integration_user_settings(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Record<string, any>")] patch: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CredentialSelection")] options: &JsValue,
    ) -> Promise {
        promise::of_method(self.0.update_settings(integration, patch, options))
    }

    /// Changes settings of a workflow.
    #[wasm_bindgen(js_name = updateWorkflowUserSettings, unchecked_return_type = "Promise<UpdateSettingsResponse>")]
    pub fn update_workflow_user_settings(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "string", js_name = workflowId)]
        workflow_id: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Record<string, any>")] patch: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CredentialSelection")] options: &JsValue,
    ) -> Promise {
        promise::of_method(self.0.update_workflow_settings(
            integration,
            workflow_id,
            patch,
            options,
        ))
    }

    /// Switches a workflow on.
    #[wasm_bindgen(js_name = enableWorkflow, unchecked_return_type = "Promise<void>")]
    pub fn enable_workflow(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string", js_name = workflowId)]
        workflow_id: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CredentialSelection")] options: &JsValue,
    ) -> Promise {
        promise::of_method(self.0.switch_workflow(workflow_id, options, true))
    }

    /// Switches a workflow off.
    #[wasm_bindgen(js_name = disableWorkflow, unchecked_return_type = "Promise<void>")]
    pub fn disable_workflow(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string", js_name = workflowId)]
        workflow_id: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CredentialSelection")] options: &JsValue,
    ) -> Promise {
        promise::of_method(self.0.switch_workflow(workflow_id, options, false))
    }

    /// Switches workflows one after another; what fails is in `errors`.
    #[wasm_bindgen(js_name = updateWorkflowState, unchecked_return_type = "Promise<UpdateWorkflowStateResponse>")]
    pub fn update_workflow_state(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Record<string, boolean>")] changes: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CredentialSelection")] options: JsValue,
    ) -> Promise {
        promise::of(Rc::clone(&self.0).switch_workflows(changes, options))
    }

    /// A card of every active integration, or of the one named.
    ///
    /// # Errors
    /// For an unknown integration.
    #[wasm_bindgen(js_name = getIntegrationMetadata, unchecked_return_type = "any")]
    pub fn get_integration_metadata(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] integration: &JsValue,
    ) -> Result<JsValue, JsValue> {
        Ok(self.0.integration_metadata(integration)?)
    }

    /// Texts, settings and workflows that the project shows for an integration.
    ///
    /// # Errors
    /// For an unknown integration.
    #[wasm_bindgen(js_name = getIntegrationConfig, unchecked_return_type = "IntegrationConfig")]
    pub fn get_integration_config(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
    ) -> Result<JsValue, JsValue> {
        Ok(self.0.integration_config(integration)?)
    }

    /// The server's id of an integration.
    ///
    /// # Errors
    /// For an unknown integration.
    #[wasm_bindgen(js_name = getIntegrationId, unchecked_return_type = "string")]
    pub fn get_integration_id(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
    ) -> Result<JsValue, JsValue> {
        Ok(self.0.integration_id(integration)?)
    }

    /// Address of a picture.
    #[wasm_bindgen(js_name = getAssetUrl)]
    pub fn get_asset_url(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: &JsValue,
    ) -> String {
        self.0.asset_url(name)
    }

    /// Checks that an integration can be used.
    ///
    /// # Errors
    /// Unless it is known, set up and active.
    #[wasm_bindgen(js_name = validateAction)]
    pub fn validate_action(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
    ) -> Result<(), JsValue> {
        self.0.validate_integration(integration)?;
        Ok(())
    }

    /// The ways in which an integration can be connected.
    ///
    /// # Errors
    /// For an unknown integration.
    #[wasm_bindgen(js_name = getAccountTypeOptions, unchecked_return_type = "AccountType[]")]
    pub fn get_account_type_options(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
    ) -> Result<Array, JsValue> {
        Ok(self.0.account_type_options(integration)?)
    }

    /// Inputs that an account of this type (`default`, unless it is named) needs before it is connected.
    ///
    /// # Errors
    /// For an unknown integration.
    #[wasm_bindgen(js_name = getPreOptions, unchecked_return_type = "IntegrationConnectInput[]")]
    pub fn get_pre_options(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string", js_name = accountType)]
        account_type: &JsValue,
    ) -> Result<Array, JsValue> {
        Ok(self.0.pre_options(integration, account_type)?)
    }

    /// Inputs that are asked for after an account is connected.
    ///
    /// # Errors
    /// For an unknown integration.
    #[wasm_bindgen(js_name = getPostOptions, unchecked_return_type = "IntegrationConnectInput[]")]
    pub fn get_post_options(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
    ) -> Result<Array, JsValue> {
        Ok(self.0.post_options(integration)?)
    }

    /// Registers the app's own options, loaders and fields, in place of those before.
    ///
    /// # Errors
    /// What a getter of the app throws.
    #[wasm_bindgen(js_name = setDataSources)]
    pub fn set_data_sources(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SetDataSourcesConfig")] config: &JsValue,
    ) -> Result<(), JsValue> {
        Ok(self.0.sources.replace(config)?)
    }

    /// A data source of the server.
    #[wasm_bindgen(js_name = getDataSourceOptions, unchecked_return_type = "Promise<DataSource | undefined>")]
    pub fn get_data_source_options(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] key: &JsValue,
    ) -> Promise {
        promise::settled(self.0.data_source(integration, key))
    }

    /// One page of the options of an input.
    #[wasm_bindgen(js_name = getFieldOptions, unchecked_return_type = "Promise<FieldOptions>")]
    pub fn get_field_options(
        &self,
        #[wasm_bindgen(unchecked_param_type = "GetFieldOptionsRequest")] request: JsValue,
    ) -> Promise {
        promise::of(Rc::clone(&self.0).field_options(request))
    }

    /// Where the options of an input come from; null for nowhere.
    #[wasm_bindgen(js_name = getSourcesForInput, unchecked_return_type = "InputSources | null")]
    pub fn get_sources_for_input(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "SerializedConnectInput")] input: &JsValue,
    ) -> JsValue {
        self.0.sources_for_input(integration, input)
    }

    /// Where the options of an action's input come from; null for nowhere.
    #[wasm_bindgen(js_name = getSourcesForActionInput, unchecked_return_type = "SingleSource | ConditionalSource | null")]
    pub fn get_sources_for_action_input(
        &self,
        #[wasm_bindgen(unchecked_param_type = "IntentInputKeyConfig")] input: &JsValue,
    ) -> JsValue {
        crate::sources::sources_for_action_input(input)
    }

    /// Calls the app's loader of a dropdown.
    #[wasm_bindgen(js_name = "_loadCustomDropdownOptions", unchecked_return_type = "any")]
    pub fn load_custom_dropdown_options(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] key: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] cursor: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] search: &JsValue,
    ) -> Promise {
        promise::settled(self.0.load_dropdown(key, cursor, search))
    }

    /// Calls the app's loader of a field mapping.
    #[wasm_bindgen(
        js_name = "_fetchBYOFieldMappingOptions",
        unchecked_return_type = "Promise<OptionsPage>"
    )]
    pub fn fetch_field_mapping_options(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] integration: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "DynamicFieldMappingLoaderType")] kind: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] key: &JsValue,
        #[wasm_bindgen(
            unchecked_optional_param_type = "{ objectType?: string; cursor?: string; search?: string }"
        )]
        options: &JsValue,
    ) -> Promise {
        promise::settled(self.0.load_mapping(integration, kind, key, options))
    }

    /// Turns what a portal got from the user or the provider into an account.
    #[wasm_bindgen(
        js_name = "_oauthCallback",
        unchecked_return_type = "Promise<InstallResult | undefined>"
    )]
    pub fn oauth_callback(
        &self,
        #[wasm_bindgen(unchecked_param_type = "OauthCallbackResponse")] answer: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string", js_name = credentialId)]
        credential_id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "{ installOptions?: InstallOptions }")]
        options: JsValue,
    ) -> Promise {
        promise::of(Rc::clone(&self.0).oauth_callback(answer, credential_id, options))
    }

    /// Tells of a provider's refusal that a portal heard.
    #[wasm_bindgen(
        js_name = "_oauthErrorCallback",
        unchecked_return_type = "Promise<void>"
    )]
    pub fn oauth_error_callback(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string | object")] message: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "MessageEvent")] event: JsValue,
    ) -> Promise {
        promise::settled(Ok(self.0.oauth_error_callback(message, event)))
    }

    /// Calls the API by its path, as the user.
    #[wasm_bindgen(js_name = sendConnectRequest, unchecked_return_type = "Promise<any>")]
    pub fn send_connect_request(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] path: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ConnectRequestInit")] init: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "boolean", js_name = prefixWithProjectPath)]
        prefix_with_project_path: &JsValue,
    ) -> Promise {
        promise::of_method(
            self.0
                .send_connect_request(path, init, prefix_with_project_path),
        )
    }

    /// Merges into what the portal shows.
    #[wasm_bindgen(js_name = setModalState)]
    pub fn set_modal_state(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Partial<Props>")] part: &JsValue,
    ) {
        self.0.set_modal_state(part);
    }

    /// Merges into what is known of the user; who is signed in stays as it is.
    #[wasm_bindgen(js_name = updateAuthenticatedUser)]
    pub fn update_authenticated_user(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Partial<AuthenticatedConnectUser>")] part: &JsValue,
    ) {
        self.0.update_user(part);
    }

    /// Shows or hides the portal's frame.
    #[wasm_bindgen(js_name = updateContainerStyle)]
    pub fn update_container_style(
        &self,
        #[wasm_bindgen(unchecked_param_type = "{ isModalShown: boolean }")] style: &JsValue,
    ) {
        self.0.show_portal(portal::is_shown(style));
    }

    /// The portal is shown.
    #[wasm_bindgen(js_name = onOpen)]
    pub fn on_open(&self) {
        self.0.portal_on_open();
    }

    /// The portal was closed; `force` also during an installation without it.
    #[wasm_bindgen(js_name = onClose)]
    pub fn on_close(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "boolean")] force: &JsValue,
    ) {
        self.0.portal_on_close(force.is_truthy());
    }

    /// Fires an event that the portal reports.
    ///
    /// # Errors
    /// For an unknown event.
    #[wasm_bindgen(js_name = triggerSDKEvent)]
    pub fn trigger_sdk_event(
        &self,
        #[wasm_bindgen(unchecked_param_type = "EventInfo")] event: &JsValue,
    ) -> Result<(), JsValue> {
        Ok(self.0.trigger_event(event)?)
    }
}

#[wasm_bindgen]
impl InstallFlow {
    /// Starts over, with this integration; what fails reaches `onError`.
    ///
    /// # Errors
    /// What a getter of the app throws.
    pub fn start(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string", js_name = type)] kind: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "StartOptions")] options: &JsValue,
    ) -> Result<(), JsValue> {
        Ok(self.0.start_install_flow(kind, options)?)
    }

    /// The present stage.
    ///
    /// # Errors
    /// Without a flow, and for an unknown integration.
    #[wasm_bindgen(unchecked_return_type = "InstallFlowStage")]
    pub fn next(&self) -> Result<JsValue, JsValue> {
        Ok(self.0.next_install_stage()?)
    }

    /// Chooses how to connect; resolves after the step that it leads to.
    #[wasm_bindgen(js_name = setAccountType, unchecked_return_type = "Promise<void>")]
    pub fn set_account_type(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string", js_name = accountType)]
        account_type: JsValue,
    ) -> Promise {
        promise::of(Rc::clone(&self.0).set_account_type(account_type))
    }

    /// What the user entered before the sign-in.
    #[wasm_bindgen(js_name = setPreOptions, unchecked_return_type = "Promise<void>")]
    pub fn set_pre_options(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Record<string, unknown>")] values: JsValue,
    ) -> Promise {
        promise::of(Rc::clone(&self.0).set_pre_options(values))
    }

    /// What the user entered after it.
    #[wasm_bindgen(js_name = setPostOptions, unchecked_return_type = "Promise<void>")]
    pub fn set_post_options(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Record<string, unknown>")] values: JsValue,
    ) -> Promise {
        promise::of(Rc::clone(&self.0).set_post_options(values))
    }

    /// What was chosen; null before.
    #[wasm_bindgen(js_name = getAccountTypeValue, unchecked_return_type = "any")]
    pub fn get_account_type_value(&self) -> JsValue {
        self.0.install_flow.account_type()
    }

    /// What was entered before the sign-in; null before.
    #[wasm_bindgen(js_name = getPreOptionsValue, unchecked_return_type = "any")]
    pub fn get_pre_options_value(&self) -> JsValue {
        self.0.install_flow.pre_options()
    }

    /// What was entered after it; null before.
    #[wasm_bindgen(js_name = getPostOptionsValue, unchecked_return_type = "any")]
    pub fn get_post_options_value(&self) -> JsValue {
        self.0.install_flow.post_options()
    }

    /// Forgets everything, and disconnects what this flow connected.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn cancel(&self) -> Promise {
        promise::of(Rc::clone(&self.0).cancel_install_flow())
    }
}
