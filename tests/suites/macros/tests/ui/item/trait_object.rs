use cvtplugin::prelude::*;

trait Backend {
    fn fetch(&self, id: &str) -> Option<String>;
}

struct Rest {
    backend: Box<dyn Backend>,
}

#[cvt_plugin(name = "rest", opt_out(register_consumer_usage))]
impl Rest {
    #[cvt_plugin(ignore)]
    fn backend(&self) -> &dyn Backend {
        &*self.backend
    }

    fn new() -> Result<Self> {
        Err(Error::internal("no backend"))
    }

    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        let spec = self.backend().fetch(&request.schema_id);
        Ok(FetchSchemaResponse::new(spec.unwrap_or_default()))
    }
}
